/** The lifetime of a code, and the time until a person can request another one. In seconds. */
export interface CodeLifetimes {
  lifetime: number;
  resendAfter: number;
}

/** Seconds from `now` until another code can be requested, and until the code expires. */
export function codeTimes(
  { lifetime, resendAfter }: CodeLifetimes,
  sentAt: number,
  now: Date,
): { wait: number; validFor: number } {
  const passed = (now.getTime() - sentAt) / 1000;
  return {
    wait: Math.max(0, Math.ceil(resendAfter - passed)),
    validFor: Math.max(0, Math.floor(lifetime - passed)),
  };
}

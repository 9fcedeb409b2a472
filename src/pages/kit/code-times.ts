/** Seconds: for how long a code works, and how long its person waits for another. */
export interface CodeLifetimes {
  lifetime: number;
  resendAfter: number;
}

/** Seconds from `now` on: until another code may be asked for, and for which the code remains valid. */
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

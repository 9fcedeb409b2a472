export interface Failure {
  status: number;
  error: string;
  th: string;
  en: string;
}

export const failure = (status: number, error: string, en: string, th: string): Failure => ({
  status,
  error,
  en,
  th,
});

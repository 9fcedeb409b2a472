/**
 * Replaces a gateway that is not configured, in development. Messages count as sent and stay readable in the outbox.
 */
export const noopSender = async (): Promise<void> => {};

/**
 * How fast a provider's account is asked, shared by all executors: where it said "too many", the others need not find out for
 * themselves. What is lost with it is a pause, never a launch.
 */
export abstract class Throttle {
  /** Takes a turn for one launch: 0 = now, else milliseconds until it may ask again. Asking twice keeps the place. */
  abstract turn(account: string, launch: string): Promise<number>;
  /** The account was told to wait. @param pauseMs as the provider said, or the caller's own guess */
  abstract refused(account: string, pauseMs: number): Promise<void>;
}

import type { Instant } from '../json';

/** What came of telling a channel: how far it is told now, and when to try again if it is not told everything. */
export interface Told {
  seq: number;
  nextTryAt: Instant | null;
}

/** How far each channel has told each run's history. */
export abstract class NoticeStore {
  /**
   * Runs `tell` with the last seq told, alone for this run and channel in all processes, and keeps what it answers.
   * @param tell must be bounded in time; it may be repeated with the same seq after a crash.
   */
  abstract advance(runId: string, channel: string, tell: (toldSeq: number) => Promise<Told>): Promise<void>;

  /** Nothing is due any more for channels that are not among these: they were taken out of the configuration. */
  abstract keepOnly(channels: string[]): Promise<void>;
}

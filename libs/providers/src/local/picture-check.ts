/*
 * What this is: a look at a picture by a small model on this machine, for the flag `nsfw`. Signs, not proof.
 * Invariant: bounded in size, time and memory, in a thread of its own: a bad picture or a dead thread is an error here and
 * nothing anywhere else.
 */
import { join } from 'node:path';
import type { SafetyFlag } from '@countersign/core';
import sharp from 'sharp';
import type { PictureScores } from './local-tasks';
import { WorkerPool } from './worker-pool';

const SIDE = 224; // pixels: what the network was trained on
const MAX_PIXELS = 100_000_000; // of the picture as it came: larger than any camera's
const MAX_WAITING = 32; // pictures that wait for the thread; each is 150 kB by then
/** From this on a picture is flagged: well above what harmless pictures get, so that people are not asked for nothing. */
export const NSFW_THRESHOLD = 0.7;

export type { PictureScores };

/** Whether the optional package with the model is there. */
export function isPictureCheckInstalled(): boolean {
  try {
    require.resolve('nsfwjs');
    return true;
  } catch {
    return false;
  }
}

export class PictureCheck {
  private readonly pool = new WorkerPool(join(__dirname, 'worker', 'local-worker.cjs'), { size: 1, maxWaiting: MAX_WAITING });

  /** @throws Error when the bytes are no picture, or are too large; the signal's reason when it ends first. */
  async scores(bytes: Uint8Array, signal: AbortSignal): Promise<PictureScores> {
    const pixels = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).flatten({ background: 'white' })
      .resize(SIDE, SIDE, { fit: 'fill' }).toColourspace('srgb').removeAlpha().raw().toBuffer();
    return this.pool.run({ task: 'nsfw', input: { pixels } }, signal, () => undefined);
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** Photographs and drawings count alike; what the network calls merely "sexy" does not. Pure. */
export function nsfwFlag({ porn, hentai }: PictureScores, picture: string): SafetyFlag | null {
  const score = Math.min(1, porn + hentai);
  if (score < NSFW_THRESHOLD) return null;
  return { flag: 'nsfw', score: Math.round(score * 100) / 100, why: `${picture} looks like pornography${hentai > porn ? ' (drawn)' : ''}` };
}

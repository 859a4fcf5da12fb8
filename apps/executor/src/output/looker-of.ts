import { PictureCheck } from '@countersign/providers';
import { EnvError, type PictureCheckEnv } from '@countersign/service-kit';
import type { LookAtPicture } from './check-pictures';

/**
 * Who looks at pictures, by NSFW_CHECK; null = nobody does.
 * @throws EnvError when somebody must and the model is not there
 */
export function lookerOf(wanted: PictureCheckEnv['NSFW_CHECK'], isInstalled: boolean, say: (message: string) => void): LookAtPicture | null {
  if (wanted === 'off') return null;
  if (isInstalled) {
    const check = new PictureCheck();
    return (bytes, signal) => check.scores(bytes, signal);
  }
  if (wanted === 'on') throw new EnvError(['NSFW_CHECK is on, but the optional package nsfwjs is not installed']);
  say('pictures are not looked at for nsfw: the optional package nsfwjs is not installed');
  return null;
}

import fc from 'fast-check';
import sharp from 'sharp';
import { isPictureCheckInstalled, nsfwFlag, NSFW_THRESHOLD, PictureCheck, type PictureScores } from './picture-check';
import { drawScene, drawText } from './sample-pictures';

const NEVER = new AbortController().signal;

describe('a look at a picture', () => {
  const check = new PictureCheck();
  afterAll(() => check.close());

  it('can be had here: the optional model is installed', () => {
    expect(isPictureCheckInstalled()).toBe(true);
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['a drawn landscape', () => sharp(drawScene(640, 480)).png().toBuffer()],
    ['the same with see-through parts, as WebP', () => sharp(drawScene(300, 500)).ensureAlpha(0.5).webp().toBuffer()],
    ['words', () => drawText(['MAKE IT'])],
    ['one grey pixel', () => sharp({ create: { width: 1, height: 1, channels: 3, background: '#777' } }).jpeg().toBuffer()],
    ['noise', () => sharp({ create: { width: 256, height: 256, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).png().toBuffer()],
  ])('gives %s five probabilities that add up to one, and no flag', async (_, draw) => {
    const scores = await check.scores(await draw(), NEVER);
    expect(Object.keys(scores).sort()).toEqual(['drawing', 'hentai', 'neutral', 'porn', 'sexy']);
    for (const score of Object.values(scores)) expect(score).toBeGreaterThanOrEqual(0);
    expect(Object.values(scores).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(nsfwFlag(scores, 'it')).toBeNull();
  });

  it('fails for what is no picture, and when its time is up', async () => {
    await expect(check.scores(new TextEncoder().encode('no picture'), NEVER)).rejects.toThrow();
    const picture = await drawText(['NIX']);
    await expect(check.scores(picture, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(nsfwFlag(await check.scores(picture, NEVER), 'it')).toBeNull();
  });
});

describe('nsfwFlag', () => {
  const scores = (over: Partial<PictureScores>): PictureScores => ({ drawing: 0, hentai: 0, neutral: 0, porn: 0, sexy: 0, ...over });

  it.each<[Partial<PictureScores>, object | null]>([
    [{ porn: NSFW_THRESHOLD }, { flag: 'nsfw', score: 0.7, why: 'out.png looks like pornography' }],
    [{ porn: NSFW_THRESHOLD - 0.01 }, null],
    [{ porn: 0.3, hentai: 0.5 }, { flag: 'nsfw', score: 0.8, why: 'out.png looks like pornography (drawn)' }],
    [{ sexy: 1 }, null],
    [{ neutral: 1 }, null],
  ])('of %j', (over, flag) => {
    expect(nsfwFlag(scores(over), 'out.png')).toEqual(flag);
  });

  it('flags exactly from the threshold on, with a score of at most one', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(share, share, (porn, hentai) => {
      const flag = nsfwFlag(scores({ porn, hentai }), 'it');
      expect(flag !== null).toBe(Math.min(1, porn + hentai) >= NSFW_THRESHOLD);
      if (flag) expect(flag.score).toBeLessThanOrEqual(1);
    }));
  });
});

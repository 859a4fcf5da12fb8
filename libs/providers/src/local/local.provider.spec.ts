import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import type { InputFile, JsonObject, LaunchAnswer, LaunchRequest, OutputFile, ProviderOutput } from '@countersign/core';
import { LocalProvider } from './local.provider';
import { drawScene, drawText } from './sample-pictures';

const MAX_STALL_MS = 200; // what a request may wait at worst; the work itself takes seconds

let provider: LocalProvider;
beforeAll(() => { provider = new LocalProvider({ workers: 1 }); });
afterAll(() => provider.close());

function requestOf(model: string, input: JsonObject, file?: Buffer, more: Partial<LaunchRequest> = {}): LaunchRequest {
  const opened = (bytes: Buffer): InputFile => ({ mime: 'image/png', bytes: bytes.length, name: null, read: async function* () { yield bytes; } });
  return {
    launchId: 'launch-1', payload: { provider: 'local', model, version: '1', input }, callbackUrl: null, deadlineSeconds: 120,
    openInput: async (url) => { if (file === undefined) throw new Error(`no file at ${url}`); return opened(file); },
    isOwnFile: () => true, signal: new AbortController().signal, onProgress: () => undefined, ...more,
  };
}

const IMAGE = { image: 'http://127.0.0.1:3000/artifacts/1' };

function outputOf(answer: LaunchAnswer): ProviderOutput {
  if (answer.kind !== 'launched' || answer.state.status !== 'succeeded') throw new Error(`expected success, got ${JSON.stringify(answer)}`);
  return answer.state.output;
}

function bytesOf(answer: LaunchAnswer): { part: OutputFile; bytes: Uint8Array } {
  const part = outputOf(answer).parts[0];
  if (part?.kind !== 'file' || !('bytes' in part.source)) throw new Error('expected a file');
  return { part, bytes: part.source.bytes };
}

async function upscaled(file: Buffer, input: JsonObject = {}): Promise<Uint8Array> {
  return bytesOf(await provider.launch(requestOf('local/upscale', { ...IMAGE, ...input }, file))).bytes;
}

describe('local/upscale', () => {
  it('gives the same scene, exactly twice as wide and high, without seams, and never stalls the event loop', async () => {
    const original = await sharp(drawScene(431, 287)).removeAlpha().png().toBuffer(); // six tiles, none of them whole
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const percents: (number | null)[] = [];
    delay.enable();
    const answer = await provider.launch(requestOf('local/upscale', IMAGE, original, { onProgress: ({ percent }) => percents.push(percent) }));
    delay.disable();

    const { part, bytes } = bytesOf(answer);
    expect(part).toMatchObject({ mime: 'image/png', name: 'upscaled.png', pointer: '' });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 862, height: 574, channels: 3 });
    expect(percents).toEqual([...percents].sort((a, b) => Number(a) - Number(b)));
    expect(percents.at(-1)).toBe(100);
    expect(delay.max / 1e6).toBeLessThan(MAX_STALL_MS);

    const reference = await sharp(drawScene(862, 574)).removeAlpha().raw().toBuffer();
    const made = await sharp(bytes).raw().toBuffer();
    let difference = 0;
    for (let index = 0; index < made.length; index++) difference += Math.abs((made[index] ?? 0) - (reference[index] ?? 0));
    expect(difference / made.length).toBeLessThan(3); // of 255, against the scene drawn at twice the size
  });

  it('keeps transparency, and leaves it out of JPEG', async () => {
    const half = await sharp({ create: { width: 20, height: 10, channels: 4, background: { r: 200, g: 20, b: 20, alpha: 0.5 } } }).png().toBuffer();
    const png = sharp(await upscaled(half));
    expect(await png.metadata()).toMatchObject({ width: 40, height: 20, channels: 4 });
    expect([...(await png.raw().toBuffer()).subarray(0, 4)].map((value) => Math.round(value / 10))).toEqual([20, 2, 2, 13]);
    expect(await sharp(await upscaled(half, { format: 'jpeg' })).metadata()).toMatchObject({ format: 'jpeg', width: 40, height: 20, channels: 3 });
    expect(await sharp(await upscaled(half, { format: 'webp' })).metadata()).toMatchObject({ format: 'webp', width: 40, hasAlpha: true });
  });

  it('takes any kind of picture: grey, 16 bit, one pixel, lying on its side', async () => {
    const colour = sharp({ create: { width: 12, height: 8, channels: 3, background: '#888' } });
    const sizeAfter = async (file: Buffer): Promise<[number, number]> => {
      const { width, height } = await sharp(await upscaled(file)).metadata();
      return [width, height];
    };
    expect(await sizeAfter(await colour.clone().greyscale().png().toBuffer())).toEqual([24, 16]);
    expect(await sizeAfter(await colour.clone().toColourspace('rgb16').png().toBuffer())).toEqual([24, 16]);
    expect(await sizeAfter(await colour.clone().gif().toBuffer())).toEqual([24, 16]);
    expect(await sizeAfter(await colour.clone().resize(1, 1).png().toBuffer())).toEqual([2, 2]);
    expect(await sizeAfter(await colour.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer())).toEqual([16, 24]);
  });

  it.each([
    ['words', async () => Buffer.from('these are words, not a picture'), 'wrong_media_type'],
    ['nothing', async () => Buffer.alloc(0), 'wrong_media_type'],
    ['an SVG', async () => drawScene(10, 10), 'wrong_media_type'],
    ['half a picture', async () => (await sharp(drawScene(200, 200)).png().toBuffer()).subarray(0, 900), 'wrong_media_type'],
    ['too many pixels', async () => sharp({ create: { width: 2_001, height: 1_000, channels: 3, background: 'red' } }).png().toBuffer(), 'file_too_large'],
  ])('refuses %s', async (_, make, code) => {
    const answer = await provider.launch(requestOf('local/upscale', IMAGE, await make()));
    expect(answer).toMatchObject({ kind: 'refused', refusal: { reason: 'invalid_input', fields: [{ field: 'image', code }] } });
  });

  it('passes on why a file cannot be opened', async () => {
    const openInput = (): Promise<never> => Promise.reject(Object.assign(new Error('10.0.0.1 is not public'), { code: 'address_not_allowed' }));
    expect(await provider.launch(requestOf('local/upscale', IMAGE, undefined, { openInput })))
      .toMatchObject({ kind: 'refused', refusal: { fields: [{ field: 'image', code: 'address_not_allowed', message: 'image cannot be opened: 10.0.0.1 is not public' }] } });
  });

  it('stops at once when it is called off, and works again', async () => {
    const caller = new AbortController();
    const large = await sharp(drawScene(1_200, 1_200)).png().toBuffer();
    const answer = await provider.launch(requestOf('local/upscale', IMAGE, large, { signal: caller.signal, onProgress: () => caller.abort() }));
    expect(answer).toMatchObject({ kind: 'launched', state: { status: 'cancelled' } });
    expect((await sharp(await upscaled(await sharp(drawScene(9, 9)).png().toBuffer())).metadata()).width).toBe(18);
  });

  it('stops when its time is up', async () => {
    const large = await sharp(drawScene(1_200, 1_200)).png().toBuffer();
    expect(await provider.launch(requestOf('local/upscale', IMAGE, large, { deadlineSeconds: 0.5 })))
      .toMatchObject({ kind: 'launched', state: { status: 'failed', reason: 'timed_out' } });
  });
});

describe('local/speak', () => {
  const speak = (input: JsonObject): Promise<LaunchAnswer> => provider.launch(requestOf('local/speak', input));
  /** Seconds of sound, from the header of a 16-bit mono WAV. */
  const secondsOf = (wav: Uint8Array): number => (wav.byteLength - 44) / 2 / Buffer.from(wav).readUInt32LE(24);

  it('speaks a text into a WAV file, the same for the same text', async () => {
    const { part, bytes } = bytesOf(await speak({ text: 'A person signed this run.' }));
    expect(part).toMatchObject({ mime: 'audio/wav', name: 'speech.wav' });
    expect(Buffer.from(bytes).toString('latin1', 0, 4) + Buffer.from(bytes).toString('latin1', 8, 12)).toBe('RIFFWAVE');
    expect(Buffer.from(bytes).readUInt32LE(40)).toBe(bytes.byteLength - 44);
    expect(secondsOf(bytes)).toBeGreaterThan(1);
    const samples = new Int16Array(Uint8Array.from(bytes.subarray(44)).buffer);
    expect(Math.max(...samples.subarray(0, 30_000))).toBeGreaterThan(1_000); // it is no silence
    expect(bytesOf(await speak({ text: 'A person signed this run.' })).bytes).toEqual(bytes);
  });

  it('speaks faster, and in every voice on its form', async () => {
    const text = 'One two three four five.';
    const [natural, fast] = await Promise.all([1, 2].map(async (speed) => secondsOf(bytesOf(await speak({ text, speed })).bytes)));
    expect((fast ?? 0) / (natural ?? 1)).toBeCloseTo(0.5, 1);
    const form = await provider.form({ model: 'local/speak', version: null });
    const voices = form.ok ? form.form.fields.find((field) => field.name === 'voice')?.enum ?? [] : [];
    expect(voices.length).toBeGreaterThan(1);
    for (const voice of voices) expect(secondsOf(bytesOf(await speak({ text, voice })).bytes)).toBeGreaterThan(0.5);
  });

  it('speaks the longest text that it takes', async () => {
    const { bytes } = bytesOf(await speak({ text: 'These are words that go on. '.repeat(200).slice(0, 5_000), voice: 'kal' }));
    expect(secondsOf(bytes)).toBeGreaterThan(120);
  });

  it('says so when letters are lost, not when only their marks are', async () => {
    expect(outputOf(await speak({ text: '“Naïve café” – it’s €5…' })).doubts).toEqual([]);
    expect(outputOf(await speak({ text: 'Good morning, доброе утро' })).doubts).toEqual(['10 letters of the text could not be spoken.']);
  });

  it.each([
    [{ text: '' }, 'missing_required'], [{ text: ' \n' }, 'missing_required'], [{}, 'missing_required'], [{ text: '漢字' }, 'unsupported_text'],
    [{ text: 'x'.repeat(5_001) }, 'text_too_long'],
  ])('refuses the text of %j', async (input: JsonObject, code) => {
    expect(await speak(input)).toMatchObject({ kind: 'refused', refusal: { reason: 'invalid_input', fields: [{ field: 'text', code }] } });
  });

  it('takes text for text, not for an option', async () => {
    expect(secondsOf(bytesOf(await speak({ text: '-o /out/other.wav --version' })).bytes)).toBeGreaterThan(0.5);
  });
});

describe('local/read', () => {
  it('reads what stands in a picture', async () => {
    const lines = ['THAT LINE', 'HAT MAKE'];
    const answer = await provider.launch(requestOf('local/read', { ...IMAGE, layout: 'block' }, await drawText(lines)));
    const output = outputOf(answer);
    expect(output.parts).toEqual([{ kind: 'text', pointer: '/text', text: lines.join('\n') }]);
    expect(output.doubts).toEqual([]);
    const audit = provider.audit(output);
    expect(audit.text).toBe(lines.join('\n'));
    expect(audit.quality).toBeGreaterThan(0.7);
  });

  it('doubts a picture without text', async () => {
    const blank = await sharp({ create: { width: 300, height: 200, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).png().toBuffer();
    expect(outputOf(await provider.launch(requestOf('local/read', IMAGE, blank)))).toMatchObject({ raw: { text: '' }, doubts: ['No text was found in the picture.'] });
  });

  it('refuses what is no picture', async () => {
    expect(await provider.launch(requestOf('local/read', IMAGE, Buffer.from('%PDF-1.7'))))
      .toMatchObject({ kind: 'refused', refusal: { fields: [{ field: 'image', code: 'wrong_media_type' }] } });
  });
});

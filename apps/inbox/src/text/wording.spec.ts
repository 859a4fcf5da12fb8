import { ago, duration, flagInWords, money, person, size, timeLeft } from './wording';

describe('wording', () => {
  it('counts down', () => {
    expect([0, 61_000, 3_720_000, 180_000_000].map(timeLeft)).toEqual(['time is up', '1:01 left', '1 h 02 min left', '2 d 2 h left']);
  });
  it('tells how long ago and how long', () => {
    expect([0, 30_000, 120_000, 7_200_000, 200_000_000].map(ago)).toEqual(['just now', '30 s ago', '2 min ago', '2 h ago', '2 d ago']);
    expect([12, 1_500, 61_000].map(duration)).toEqual(['12 ms', '1.5 s', '1 min 1 s']);
  });
  it('says what a flag means, and shows one it does not know as it is', () => {
    expect(['pii', 'nsfw', 'copyright', 'brand_name'].map(flagInWords)).toEqual(['Personal data', 'Not safe for work', 'Copyright', 'brand name']);
  });
  it('names people, sizes and amounts', () => {
    expect([person('human:a:b'), person('policy:on_timeout'), person('ada'), person(null)]).toEqual(['a:b', 'policy “on timeout”', 'ada', 'somebody']);
    expect([size(5), size(1_500), size(2_500_000)]).toEqual(['5 B', '1.5 kB', '2.5 MB']);
    expect([money(0), money(0.0031), money(1.5)]).toEqual(['free', '$0.0031', '$1.50']);
  });
});

import fc from "fast-check";
import { WITH_PII, WITHOUT_PII } from "../testing/pii-texts";
import { findPii } from "./find-pii";
import type { PiiKind } from "./pii.rules";

/** As docs/adr/0010 publishes them; the sets are small, so this is a promise about these texts and a sign for others. */
const MAX_FALSE = 0.02;
const MAX_MISSED = 0.1;

const kindsOf = (text: string): PiiKind[] =>
  findPii(text).map(({ kind }) => kind);

describe("findPii", () => {
  const missed = WITH_PII.filter(
    ([kind, text]) => !kindsOf(text).includes(kind),
  );
  const falsely = WITHOUT_PII.filter((text) => findPii(text).length > 0);
  const percent = (part: number, all: number): string =>
    `${part} of ${all}, ${((100 * part) / all).toFixed(1)} %`;

  it(`finds nothing where nothing is: false positives ${percent(falsely.length, WITHOUT_PII.length)}`, () => {
    expect(WITHOUT_PII.length).toBeGreaterThanOrEqual(100);
    expect(falsely.length / WITHOUT_PII.length).toBeLessThanOrEqual(MAX_FALSE);
    // Sixteen digits that an issuer could have printed, and three numbers written as Americans write a telephone number.
    expect(falsely).toEqual(['2718281828459045', 'dimensions 300-400-5000']);
  });

  it(`finds what is there: missed ${percent(missed.length, WITH_PII.length)}`, () => {
    expect(WITH_PII.length).toBeGreaterThanOrEqual(60);
    expect(missed.length / WITH_PII.length).toBeLessThanOrEqual(MAX_MISSED);
    expect(missed.map(([, text]) => text)).toMatchInlineSnapshot(`
     [
       "phone 555-0123",
       "212 555 0123",
       "jane at example dot com",
       "Calle Mayor 12, 28013 Madrid",
       "1 Infinite Loop, Cupertino, CA 95014",
       "0171/2345678",
       "Aadhaar 2341 2341 2346",
       "84.17.52.9 - - [10/Oct/2025:13:55:36] "GET / HTTP/1.1"",
     ]
    `);
  });

  it("calls each by its own kind and by no other", () => {
    const mixed = WITH_PII.filter(([kind, text]) =>
      kindsOf(text).some((found) => found !== kind),
    );
    expect(mixed).toEqual([]);
  });

  it("counts, and puts the surest first", () => {
    expect(
      findPii(
        "ann@example.org, bob@example.org, +49 30 901820, IP 203.0.113.7",
      ),
    ).toEqual([
      { kind: "email", count: 2, score: 0.95, masked: "a•••@•••.org" },
      { kind: "phone", count: 1, score: 0.9, masked: "•••20" },
      { kind: "ip", count: 1, score: 0.6, masked: "•••.7" },
    ]);
  });

  it("finds the same in the middle of other words", () => {
    for (const [kind, text] of WITH_PII.filter((one) => !missed.includes(one)))
      expect([
        text,
        kindsOf(`A poster, 1024 x 768:\n${text}\nIn blue, seed 42.`),
      ]).toEqual([text, expect.arrayContaining([kind])]);
  });

  it("never gives the value away", () => {
    for (const [, text] of WITH_PII) {
      for (const { masked } of findPii(text)) {
        expect(text).not.toContain(masked);
        expect(
          masked.replace(/[^\p{L}\p{N}]/gu, "").length,
        ).toBeLessThanOrEqual(8);
      }
    }
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        for (const { count, score } of findPii(text))
          expect([count > 0, score > 0, score <= 1]).toEqual([
            true,
            true,
            true,
          ]);
      }),
    );
  });

  it.each([
    ["digits", "1"],
    ["pairs", "12 "],
    ["dotted", "1."],
    ["letters", "a"],
    ["local parts", "a."],
    ["at signs", "a@"],
    ["domains", "a@a."],
    ["open addresses", "1 Aa "],
    ["streets", "1 Aa Street "],
    ["capitals", "Aa "],
    ["accounts", "DE89 "],
    ["plus", "+1 "],
    ["brackets", "(0"],
    ["colons", "2aaa:"],
    ["cues", "call me at "],
    ["links", "https://a"],
    ["weg", "Aweg"],
    ["obfuscated", "a [at] b"],
  ])(
    "reads 100,000 signs of %s in time that grows with their number",
    (_, unit) => {
      const [short, long] = [12_500, 100_000].map((length) => {
        const text = unit.repeat(Math.ceil(length / unit.length));
        return Math.min(
          ...[1, 2, 3].map(() => {
            const begun = performance.now();
            findPii(text);
            return performance.now() - begun;
          }),
        );
      });
      // Eight times the text, with room for a busy machine: a quadratic rule would need 64 times as long.
      expect(long).toBeLessThan(Math.max(60, 28 * (short ?? 0)));
    },
  );
});

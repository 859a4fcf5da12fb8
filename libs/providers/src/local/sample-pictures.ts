import sharp from 'sharp';

/** Letters as strokes in a box of 60 × 100, so that a picture with text needs no font on the machine that draws it. */
const STROKES: Record<string, string> = {
  A: 'M0 100L30 0L60 100M12 65H48', E: 'M60 0H0V100H60M0 50H50', F: 'M60 0H0V100M0 50H48', H: 'M0 0V100M60 0V100M0 50H60', I: 'M30 0V100',
  K: 'M0 0V100M60 0L0 58M20 42L60 100', L: 'M0 0V100H60', M: 'M0 100V0L30 60L60 0V100', N: 'M0 100V0L60 100V0', T: 'M0 0H60M30 0V100', X: 'M0 0L60 100M60 0L0 100',
};
const ADVANCE = 90; // from one letter's left edge to the next one's
const LINE_HEIGHT = 170;

/** Draws black words on white. Letters: A E F H I K L M N T X. For tests: real input, made when it is needed. */
export async function drawText(lines: readonly string[]): Promise<Buffer> {
  const letters = lines.flatMap((line, row) => [...line].map((letter, column) => (
    `<path transform="translate(${60 + column * ADVANCE} ${60 + row * LINE_HEIGHT})" d="${STROKES[letter] ?? ''}"/>`
  )));
  const width = 120 + Math.max(...lines.map((line) => line.length)) * ADVANCE;
  const height = 100 + lines.length * LINE_HEIGHT;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>`
    + `<g fill="none" stroke="black" stroke-width="13">${letters.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).resize({ width: Math.round(width / 2) }).png().toBuffer();
}

/** Draws a picture with colours, edges and a smooth part, as an SVG. */
export function drawScene(width: number, height: number): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#2b6cb0"/><stop offset="1" stop-color="#fbd38d"/></linearGradient></defs>
    <rect width="100" height="100" fill="url(#sky)"/><circle cx="70" cy="30" r="12" fill="#fff5d6"/>
    <path d="M0 80L30 40L55 75L75 55L100 85V100H0Z" fill="#22543d"/><path d="M20 100V70H40V100" fill="#742a2a"/></svg>`);
}

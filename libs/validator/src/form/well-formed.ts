const HIGH = 0xd800, LOW = 0xdc00, END = 0xe000;

/** False when the text holds half of a surrogate pair: it cannot be written as UTF-8 and no hash can be taken of it. */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < HIGH || unit >= END) continue;
    const next = text.charCodeAt(i + 1);
    if (unit >= LOW || !(next >= LOW && next < END)) return false;
    i += 1;
  }
  return true;
}

/** The text with each half surrogate replaced by U+FFFD, so that a hostile name can still be shown. */
export function toWellFormed(text: string): string {
  if (isWellFormed(text)) return text;
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit < HIGH || unit >= END) out += text[i];
    else if (unit < LOW && next >= LOW && next < END) { out += text.slice(i, i + 2); i += 1; }
    else out += '\ufffd';
  }
  return out;
}

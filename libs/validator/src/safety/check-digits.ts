/** Check digits, as each issuer defines them. All take bare digits (or letters) without separators. */

/** ISO/IEC 7812-1 annex B: payment cards and some national numbers. */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** ISO 7064 mod 97-10 as IBAN uses it: the first four characters go to the end, letters count from 10. */
export function hasIbanCheck(iban: string): boolean {
  let rest = 0;
  for (const char of `${iban.slice(4)}${iban.slice(0, 4)}`) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The weighted sum of the digits, for the many rules that are one. */
function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at] ?? 0), 0);
}

/** Brazil's CPF: two digits, each over all before it. */
export function isCpf(digits: string): boolean {
  if (digits.length !== 11 || isOneDigit(digits)) return false;
  return [9, 10].every((length) => {
    const sum = weighted(digits, Array.from({ length }, (_, at) => length + 1 - at));
    return ((sum * 10) % 11) % 10 === Number(digits[length]);
  });
}

const CODICE_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy's codice fiscale: the last letter over the fifteen before it. */
export function isCodiceFiscale(code: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const char = code[at] ?? '';
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65;
    sum += at % 2 === 0 ? CODICE_ODD[value] ?? 0 : value;
  }
  return code[15] === String.fromCharCode(65 + (sum % 26));
}

/** France's NIR: 13 digits and a key of two. Corsica's letters are left out. */
export function isNir(digits: string): boolean {
  return digits.length === 15 && 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13));
}

/** China's resident number (GB 11643): the last sign over the seventeen digits before it. */
export function isChineseId(id: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'[weighted(id, weights) % 11] === id[17];
}

/** Poland's PESEL. */
export function isPesel(digits: string): boolean {
  return (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits[10]);
}

/** The Netherlands' BSN: the eleven test. */
export function isBsn(digits: string): boolean {
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** Spain's DNI and NIE: the letter is the number modulo 23. */
export function isDni(id: string): boolean {
  const number = id.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === id.at(-1);
}

export function isOneDigit(digits: string): boolean {
  return new Set(digits).size === 1;
}

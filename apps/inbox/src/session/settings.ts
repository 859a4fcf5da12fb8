/** Who this browser speaks as. The name stays for the next visit; a key is forgotten with the tab. */
export interface Identity {
  userId: string;
  apiKey: string;
}

const USER_KEY = 'countersign.user';
const API_KEY_KEY = 'countersign.api-key';
/** Travels in a header, which takes printable ASCII only. */
const USER_PATTERN = /^[\x21-\x7e]{1,128}$/;

export function loadIdentity(): Identity {
  return { userId: localStorage.getItem(USER_KEY) ?? '', apiKey: sessionStorage.getItem(API_KEY_KEY) ?? '' };
}

export function saveIdentity({ userId, apiKey }: Identity): void {
  localStorage.setItem(USER_KEY, userId);
  sessionStorage.setItem(API_KEY_KEY, apiKey);
}

export function nameProblem(userId: string): string | null {
  return userId === '' || USER_PATTERN.test(userId) ? null : 'Letters, digits and signs without spaces or accents, up to 128.';
}

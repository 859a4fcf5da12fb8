/** Longest ids and names of callers' own: e-mail addresses and UUIDs fit many times. */
export const NAME_MAX = 300;
/** Longest reason or message, characters: a page of text. */
export const WORDS_MAX = 10_000;
/** Longest prompt: the body limit is smaller on most installations, so this bounds only those that raised it. */
export const PROMPT_MAX = 1_000_000;
/** Attachments of one run. */
export const ATTACHMENTS_MAX = 100;
/** Messages of a conversation. */
export const MESSAGES_MAX = 1_000;
/** Longest wait for a person, seconds: 30 days. */
export const TIMEOUT_MAX_SECONDS = 30 * 24 * 3_600;
/** Longest time for which an approval is good, seconds: a week; prices, versions and files do not stand still longer. */
export const EXECUTE_WITHIN_MAX_SECONDS = 7 * 24 * 3_600;
/** Longest page of a list. */
export const PAGE_MAX = 200;
export const PAGE_DEFAULT = 50;
/** Longest long poll, seconds: proxies in between usually cut at 60. */
export const WAIT_MAX_SECONDS = 60;

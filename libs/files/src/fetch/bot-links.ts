/*
 * What this is: Telegram puts the bot's token into the addresses of its files (core.telegram.org/bots/api#getfile). Who
 * has the token is the bot, so it must not be shown, kept or passed on. Own Bot API servers use the same path.
 */
import type { Json } from '@countersign/core';

/** Every part is bounded, so that no text makes this slow. */
const BOT_LINK = /https?:\/\/[\w.:-]{1,253}(?:\/file)?\/bot\d{1,20}(?::|%3A)[\w-]{1,80}(?:\/[^\s"'<>()[\]{}|\\^`]{0,2000})?/gi;
const TOKEN = /\/bot\d{1,20}(?::|%3A)[\w-]{1,80}/gi;

/** Addresses with a bot's token anywhere in the value, none twice. */
export function botLinksIn(value: Json): string[] {
  const found = new Set<string>();
  replaceBotLinks(value, (link) => {
    found.add(link);
    return link;
  });
  return [...found];
}

/** The same value with each address that carries a token replaced. Bodies are bounded in depth before they come here. */
export function replaceBotLinks<Value>(value: Value, by: (link: string) => string): Value;
export function replaceBotLinks(value: unknown, by: (link: string) => string): unknown {
  if (typeof value === 'string') return value.includes('/bot') ? value.replace(BOT_LINK, by) : value;
  if (Array.isArray(value)) return value.map((item) => replaceBotLinks(item, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaceBotLinks(item, by)]));
}

/** @returns the address as it may be shown. It leads nowhere any more. */
export function withoutBotToken(link: string): string {
  return link.replace(TOKEN, '/bot…');
}

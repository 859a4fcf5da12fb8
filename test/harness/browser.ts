import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where the pictures of a browser run are kept, to be looked at. */
const SCREENSHOTS = resolve(__dirname, '../../test-results/screenshots');
/** Calls home are refused on machines without a network, many at a time; a test needs none of them. */
const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function openBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [...QUIET, ...(isRoot ? ['--no-sandbox'] : [])],
  });
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Says at an open page who sits there. */
export async function signIn(page: Page, user: string): Promise<void> {
  await page.getByTestId('identity').click();
  await page.getByTestId('user-name').fill(user);
  await page.getByTestId('identity-save').click();
}

/** Page and console errors, which a test then expects to be none. */
export function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  return troubles;
}

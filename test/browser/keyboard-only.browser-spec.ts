import type { CountersignClient } from '@countersign/client';
import { waitFor } from '@countersign/testing';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, picture, troublesOf } from '../harness/browser';
import { scriptedRequest, untilAsked, untilRun } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

/** Cards of all kinds in turn. `KEYBOARD_ITEMS=100` measures a reviewer's morning. */
const ITEMS = Number(process.env.KEYBOARD_ITEMS ?? 14);
/** A slow job that an agent works beside, ms. */
const LONG = 300_000;

describe('an inbox of all kinds, by keyboard alone', () => {
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse({ env: { LAUNCH_GRACE_SECONDS: '1', WRITES_PER_MINUTE: '100000' } }), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const beforeOnly = { hitl_config: { policy: 'require_human' as const, allowed_steps: ['payload_review' as const] } };
  const afterOnly = { hitl_config: { policy: 'require_human' as const, allowed_steps: ['response_review' as const] } };
  const model = (name: string) => ({ run_input: { prompt: 'A quiet harbour in the morning', provider: 'scripted', model: name } });
  const KINDS: ((client: CountersignClient, n: number) => Promise<unknown>)[] = [
    (client, n) => ask(client, n, 'payload_suggestion', scriptedRequest('require_human', {}, beforeOnly)),
    (client, n) => ask(client, n, 'response_review', { ...model('scripted/image'), ...afterOnly }),
    (client, n) => ask(client, n, 'validation_review', scriptedRequest('auto', { repeat: 40 })),
    (client, n) => ask(client, n, 'response_review', scriptedRequest('require_human', {}, afterOnly)),
    (client, n) => ask(client, n, 'error_recovery', scriptedRequest('auto', { outcome: 'refuse_input' })),
    (client, n) => ask(client, n, 'execution_unknown', { ...model('scripted/job'), run_input: { ...model('scripted/job').run_input, parameters: { outcome: 'unclear' } }, hitl_config: { policy: 'auto' } }),
    async (client) => {
      const { run_id: runId } = await client.startRun({ run_input: { ...model('scripted/job').run_input, parameters: { delay_ms: LONG } }, hitl_config: { policy: 'auto' } });
      await untilRun(client, runId, ({ current_step: step }) => step === 'api_call', 'at work');
      await client.browserApproval({ run_id: runId, action_description: 'Press “Place order”', browser_context: { url: 'https://shop.example/cart' }, user_id: 'dana', timeout_seconds: 3_600 });
    },
  ];
  async function ask(client: CountersignClient, n: number, checkpoint: string, request: Parameters<CountersignClient['startRun']>[0]): Promise<void> {
    const { run_id: runId } = await client.startRun({ ...request, session_id: `morning-${n}` });
    await untilAsked(client, runId, checkpoint);
  }

  it('is cleared: each card has the focus, takes its answer and leads on to the next', async () => {
    const client = house.client('dana');
    for (let n = 0; n < ITEMS; n += 1) await KINDS[n % KINDS.length]?.(client, n);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const troubles = troublesOf(page);
    await page.goto(house.url);
    const waiting = async (): Promise<number> => (await client.pendingApprovals({ limit: 1 })).total;
    await page.getByLabel(`${ITEMS} pending`).waitFor();
    const kinds = new Set<string>();
    const started = Date.now();
    await page.keyboard.press('j');
    for (let left = ITEMS; left > 0; left -= 1) {
      kinds.add(await answer(page));
      if (left > 1) {
        await page.locator('[data-testid=next-question]:focus').waitFor();
        await page.keyboard.press('Enter');
      }
    }
    const took = Date.now() - started;
    await page.getByText('Nothing else is waiting.').waitFor();
    await picture(page, 'cleared-by-keyboard');
    await waitFor(async () => (await waiting()) === 0, { what: 'an empty inbox', timeoutMs: 10_000 });
    expect([...kinds].sort()).toEqual(['browser_action', 'error_recovery', 'execution_unknown', 'payload_suggestion', 'response_review', 'validation_review']);
    expect(troubles).toEqual([]);
    // A person reads between the keys; the page must not be what they wait for.
    expect(took / ITEMS).toBeLessThan(3_000);
    process.stdout.write(`${ITEMS} cards by keyboard in ${(took / 1000).toFixed(1)} s, ${Math.round(took / ITEMS)} ms each\n`);
  }, 600_000);

  /** @returns what was asked, once it is answered. The title of an opened card has the focus, so that it is read out. */
  async function answer(page: Page): Promise<string> {
    const card = page.locator('[data-testid=approval-card][data-status=pending]');
    await card.locator('#card-title:focus').waitFor();
    const kind = (await card.locator('.kind').first().getAttribute('class'))?.split(' ')[1] ?? '';
    switch (kind) {
      case 'validation_review':
        await page.keyboard.press('e');
        await page.locator('[data-testid=field-repeat]:focus').waitFor();
        await page.keyboard.type('3');
        await page.keyboard.press('Enter');
        break;
      case 'error_recovery':
        await page.keyboard.press('r');
        await page.locator('[data-testid=reject-reason]:focus').waitFor();
        await page.keyboard.type('not this way');
        break;
      default:
        await page.keyboard.press('a');
    }
    if (kind !== 'error_recovery') await page.locator('[data-testid=confirm]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('decided-note').waitFor();
    return kind;
  }
});

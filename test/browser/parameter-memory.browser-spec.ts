import type { CountersignClient } from '@countersign/client';
import type { Browser, Page } from 'playwright-core';
import { untilAsked, untilStatus } from '../harness/drive';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { startHouse, type House } from '../harness/house';

const RUN = { run_input: { prompt: 'a quiet harbour', provider: 'scripted', model: 'scripted/image' }, hitl_config: { policy: 'require_human' as const, allowed_steps: ['payload_review' as const] } };

describe('parameter memory at the page', () => {
  let house: House;
  let browser: Browser;
  let client: CountersignClient;
  let page: Page;
  let troubles: string[];
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse(), openBrowser()]);
    client = house.client('dana');
    for (let n = 0; n < 3; n += 1) {
      const { run_id: runId } = await client.startRun(RUN);
      const { approval_id: id } = await untilAsked(client, runId, 'payload_suggestion');
      await client.decide(id, { action: 'edit', edits: { palette: 'grey', width: 128 } });
      await untilStatus(client, runId, 'completed');
    }
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    troubles = troublesOf(page);
    await page.goto(house.url);
    await signIn(page, 'dana');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  /** Opens the card of a new run. */
  async function open(): Promise<string> {
    const { run_id: runId } = await client.startRun(RUN);
    const { approval_id: id } = await untilAsked(client, runId, 'payload_suggestion');
    await page.goto(`${house.url}/#/approvals/${id}`);
    await page.locator(`[data-testid=approval-card][data-approval-id="${id}"]`).waitFor();
    return runId;
  }
  const habits = () => page.getByTestId('habit');

  it('one key takes a habit, what it does is shown and confirmed, and it runs', async () => {
    const runId = await open();
    await habits().nth(1).waitFor();
    expect(await habits().first().innerText()).toContain('last 3 of 3: palette warm → grey');
    await picture(page, 'habits-on-the-card');
    await page.keyboard.press('y');
    await page.getByTestId('confirm').waitFor();
    expect(await page.locator('.confirm .before-after').innerText()).toMatch(/palette.*grey/s);
    await picture(page, 'habit-taken-to-confirm');
    await page.keyboard.press('Enter');
    await untilStatus(client, runId, 'completed');
    expect((await client.state(runId)).suggested_payload?.input).toMatchObject({ palette: 'grey' });
  });

  it('one click mutes, also after a reload; another makes a rule, which the next card lists and can take back', async () => {
    await open();
    await habits().filter({ hasText: 'width' }).getByTestId('habit-mute').click();
    await habits().filter({ hasText: 'width' }).waitFor({ state: 'detached' });
    await page.reload();
    await habits().filter({ hasText: 'palette' }).waitFor();
    await habits().filter({ hasText: 'width' }).waitFor({ state: 'detached' });
    await page.getByTestId('habit-always').click();
    await page.locator('[data-testid=habit][data-state=always]').waitFor();
    await open();
    const rule = page.getByTestId('rule-applied');
    await rule.waitFor();
    expect(await rule.innerText()).toMatch(/Changed by a rule: palette warm.*grey.*switched on by dana/s);
    await picture(page, 'rule-on-the-card');
    await page.getByTestId('rule-undo').click();
    expect(await page.locator('.confirm .before-after').innerText()).toMatch(/palette.*warm/s);
    await page.keyboard.press('Escape');
  });

  it('a page lists all of it, switches off and deletes', async () => {
    await page.getByTestId('open-memory').click();
    const entry = (field: string, state: string) => page.locator(`[data-testid=memory-entry][data-field=${field}][data-state=${state}]`);
    await entry('palette', 'always').waitFor();
    await entry('width', 'muted').waitFor();
    await picture(page, 'memory-page');
    await entry('palette', 'always').getByTestId('memory-off').click();
    await entry('palette', 'proposed').waitFor();
    await entry('width', 'muted').getByTestId('memory-delete').click();
    await page.getByTestId('memory-delete-confirm').click();
    await entry('width', 'muted').waitFor({ state: 'detached' });
    await page.getByTestId('memory-forget-model').click();
    await picture(page, 'memory-about-to-be-forgotten');
    await page.getByTestId('memory-forget-model-confirm').click();
    await page.getByText('Nothing yet.').waitFor();
    expect((await client.parameterMemory({ user_id: 'dana' })).total).toBe(0);
    expect(troubles).toEqual([]);
  });
});

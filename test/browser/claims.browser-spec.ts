import type { Browser, Page } from 'playwright-core';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

describe('two people at the inbox', () => {
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse(), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const sit = async (user: string): Promise<{ page: Page; troubles: string[] }> => {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    const troubles = troublesOf(page);
    await page.goto(house.url);
    await signIn(page, user);
    return { page, troubles };
  };
  const item = (page: Page, approvalId: string) => page.locator(`[data-testid=approval-item][data-approval-id="${approvalId}"]`);

  it('see who is looking at a card, whoever opens it by key or by mouse, and may decide all the same', async () => {
    const client = house.client('dana');
    const ask = async (prompt: string) => untilAsked(client, (await client.startRun(scriptedRequest('require_human', {}, { run_input: { prompt } }))).run_id, 'payload_suggestion');
    const first = await ask('Say good morning to everybody who reads this.');
    const second = await ask('Say good night to everybody who reads this.');
    const [rita, tom] = [await sit('rita'), await sit('tom')];
    await item(tom.page, first.approval_id).waitFor();

    // By mouse: the other one sees it in the list, and on the card too.
    await item(rita.page, first.approval_id).click();
    const inList = item(tom.page, first.approval_id).getByTestId('held-note');
    await inList.filter({ hasText: 'rita is looking at this' }).waitFor();
    await item(tom.page, first.approval_id).click();
    const onCard = tom.page.getByTestId('approval-card').getByTestId('held-note');
    await onCard.filter({ hasText: 'rita is looking at this' }).waitFor();
    await picture(tom.page, 'claimed');
    expect(await rita.page.getByTestId('held-note').count()).toBe(0);

    // By key: she goes on to the second card, so that his claim of the first, still open before him, stands.
    await rita.page.keyboard.press('j');
    await item(tom.page, second.approval_id).getByTestId('held-note').filter({ hasText: 'rita is looking at this' }).waitFor();
    await item(rita.page, first.approval_id).getByTestId('held-note').filter({ hasText: 'tom is looking at this' }).waitFor();
    expect((await client.approval(first.approval_id)).claimed_by).toBe('tom');

    // Coming back after a reload it is still hers, and not somebody else's in her eyes.
    await rita.page.reload();
    await rita.page.getByTestId('approval-card').waitFor();
    await item(tom.page, second.approval_id).getByTestId('held-note').filter({ hasText: 'rita' }).waitFor();

    // A third person decides what tom looks at: it is advice.
    await client.decide(first.approval_id, { action: 'approve' });
    await tom.page.getByTestId('decided-note').waitFor();
    expect(await onCard.count()).toBe(0);

    // Leaving frees it.
    await rita.page.goto(`${house.url}/#/`);
    await inList.waitFor({ state: 'detached' });
    await item(tom.page, second.approval_id).getByTestId('held-note').waitFor({ state: 'detached' });
    expect((await client.approval(second.approval_id)).claimed_by).toBeNull();
    expect([...rita.troubles, ...tom.troubles]).toEqual([]);
  }, 120_000);

  it('run a run that has ended again with changes', async () => {
    const client = house.client('dana');
    const { run_id: runId } = await client.startRun(scriptedRequest('auto'));
    await untilStatus(client, runId, 'completed');
    const { page, troubles } = await sit('dana');
    await page.goto(`${house.url}/#/runs/${runId}`);
    await page.getByTestId('run-fork').click();
    const form = page.getByTestId('fork-form');
    await form.getByRole('textbox').first().fill('Say it louder.');
    await picture(page, 'fork');
    await form.getByTestId('fork-submit').filter({ hasText: 'Run again with 1 change' }).click();
    await page.waitForURL((url) => /#\/runs\//.test(url.hash) && !url.hash.includes(runId));
    const forkId = page.url().split('/').at(-1) ?? '';
    expect(await client.state(forkId)).toMatchObject({ parent_run_id: runId, human_edits: { prompt: 'Say it louder.' } });
    expect(troubles).toEqual([]);
  }, 120_000);
});

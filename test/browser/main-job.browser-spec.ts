import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { startHouse, type House } from '../harness/house';

const MODEL_MS = 60_000;

describe('the main job in a browser', () => {
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse(), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const open = async (user: string, viewport = { width: 1440, height: 900 }): Promise<Page> => {
    const page = await browser.newPage({ viewport });
    await page.goto(house.url);
    await signIn(page, user);
    await page.locator('[data-testid=connection][data-state=open], [data-testid=connection][data-state=live], [data-testid=connection][data-state=connected]').waitFor();
    return page;
  };
  const approve = async (page: Page): Promise<void> => {
    await page.getByTestId('action-approve').click();
    await page.getByTestId('confirm').click();
  };

  it('starts a run on a real model, approves it twice and hears the result', async () => {
    const page = await open('dana');
    const troubles = troublesOf(page);
    await picture(page, '1-empty-inbox');
    await page.getByTestId('open-start').click();
    await page.getByTestId('start-run-model').selectOption('local|local/speak');
    await page.getByTestId('start-run-prompt').fill('Good morning. A person approved this.');
    await picture(page, '2-start-a-run');
    await page.getByTestId('start-run-submit').click();

    await page.getByTestId('approval-card').waitFor();
    await picture(page, '3-approve-the-payload');
    await approve(page);
    await page.locator('[data-testid=approval-card] audio, [data-testid=output-part] audio').first().waitFor({ timeout: MODEL_MS });
    await picture(page, '4-review-the-result');
    await approve(page);
    await page.locator('[data-testid=run-timeline][data-status=completed]').waitFor({ timeout: MODEL_MS });
    await page.getByTestId('output-part').first().waitFor();
    await picture(page, '5-completed');
    expect(troubles).toEqual([]);
  }, 180_000);

  it('mends a request with a missing picture, and shows the picture twice as large', async () => {
    const page = await open('dana');
    const troubles = troublesOf(page);
    await house.client('dana').startRun({
      run_input: { prompt: 'Make it larger', provider: 'local', model: 'local/upscale' }, hitl_config: { policy: 'require_human', allowed_steps: ['response_review'] },
    });
    await page.getByTestId('approval-item').first().click();
    await page.getByTestId('approval-card').waitFor();
    const file = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#c0603a' } }).png().toBuffer();
    await page.getByTestId('file-image').setInputFiles({ name: 'small.png', mimeType: 'image/png', buffer: file });
    await page.getByTestId('action-edit').click();
    await picture(page, '6-mend-what-is-missing');
    await page.getByTestId('confirm').click();
    const review = page.getByTestId('approval-item').filter({ hasText: 'Keep the result of local/upscale' });
    await review.waitFor({ timeout: MODEL_MS });
    await review.click();
    const result = page.locator('[data-testid=output-part] img').first();
    await result.waitFor({ timeout: MODEL_MS });
    expect(await result.evaluate(async (image: HTMLImageElement) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; })).toEqual([128, 80]);
    await picture(page, '7-twice-as-large');
    expect(troubles).toEqual([]);
  }, 180_000);

  it('takes cards away and locks them when somebody else decides', async () => {
    const page = await open('dana');
    const { run_id: runId } = await house.client('dana').startRun({
      run_input: { prompt: 'Somebody else will answer this', provider: 'scripted', model: 'scripted/echo' },
      hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] },
    });
    const item = page.getByTestId('approval-item').filter({ hasText: 'scripted/echo' }).first();
    await item.waitFor();
    await item.click();
    const { approvals } = await house.client('rita').pendingApprovals({ run_id: runId });
    await house.client('rita').decide(approvals[0]?.approval_id ?? '', { action: 'approve' });
    await page.getByTestId('decided-note').waitFor();
    expect(await page.getByTestId('decided-note').innerText()).toContain('rita');
    await picture(page, '8-decided-by-somebody-else');
  }, 120_000);

  it('takes an answer in words, asks back where it is unclear, and shows what it changes', async () => {
    const page = await open('wilma');
    await house.client('wilma').startRun({
      run_input: { prompt: 'A quiet harbour', provider: 'scripted', model: 'scripted/image', parameters: { palette: 'cold' } }, hitl_config: { policy: 'require_human' },
    });
    await page.getByTestId('approval-item').filter({ hasText: 'scripted/image' }).first().click();
    const say = async (words: string): Promise<void> => {
      await page.getByTestId('respond-message').fill(words);
      await page.getByTestId('confirm').click();
    };
    await page.getByTestId('action-respond').click();
    await say('make it warm and a bit wider');
    await page.getByTestId('refusal').waitFor();
    expect(await page.getByTestId('refusal').innerText()).toContain('palette = "warm"');
    await picture(page, '11-asked-back');
    await say('make it warm and 96 wide');
    await page.getByTestId('decided-note').waitFor();
    await page.getByTestId('approval-item').filter({ hasText: 'scripted/image' }).first().click();
    const said = page.getByTestId('said-in-words');
    await said.waitFor();
    expect(await said.innerText()).toContain('make it warm and 96 wide');
    await picture(page, '12-changed-in-words');
    await approve(page);
    await page.getByTestId('decided-note').waitFor();
  }, 120_000);

  it('is worked without the mouse: next, reject with a reason, Enter', async () => {
    const page = await open('kim');
    await house.client('kim').startRun({
      run_input: { prompt: 'Reject me by keyboard', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' },
    });
    await page.getByTestId('approval-item').first().waitFor();
    await page.keyboard.press('j');
    await page.getByTestId('approval-card').waitFor();
    await page.keyboard.press('r');
    await page.getByTestId('reject-reason').waitFor();
    await page.keyboard.type('not needed any more');
    await picture(page, '9-reject-by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByTestId('decided-note').waitFor();
    await picture(page, '10-rejected');
  }, 120_000);
});

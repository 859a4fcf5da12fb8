import { startLanguageModelStandIn, type LanguageModelStandIn } from '@countersign/providers/language-model';
import type { Browser } from 'playwright-core';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { startHouse, type House } from '../harness/house';

describe('a language model\'s words on the card', () => {
  let server: LanguageModelStandIn;
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    server = await startLanguageModelStandIn();
    const env = { ANTHROPIC_API_KEY: 'sk-ant-test-0123456789', ANTHROPIC_BASE_URL: server.url };
    [house, browser] = await Promise.all([startHouse({ env }), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
    await server.close();
  });

  it('are marked as such beside the check\'s own, and what it read is shown before anybody approves', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const troubles = troublesOf(page);
    await page.goto(house.url);
    await signIn(page, 'dana');
    server.answer({ json: { message: 'Tell us the Prompt: what shall the picture show?' } });
    await house.client('dana').startRun({ run_input: { prompt: '', provider: 'scripted', model: 'scripted/image' }, hitl_config: { policy: 'auto' } });
    const card = page.getByTestId('approval-card');
    await page.getByTestId('approval-item').first().click();
    await card.getByText('Tell us the Prompt: what shall the picture show?').waitFor();
    const worded = card.getByTestId('worded');
    expect(await worded.innerText()).toContain('Worded by anthropic:claude-haiku-4-5');
    expect(await worded.innerText()).toContain('The check itself says:');
    await picture(page, 'worded-by-a-language-model');
    const [pending] = (await house.client('dana').pendingApprovals()).approvals;
    server.answer({ json: { edits: [{ field: 'prompt', value: 'a cosy hut in the snow', words: 'a hut, cosy, with snow', confidence: 0.6 }] } });
    await house.client('dana').decide(pending?.approval_id ?? '', { action: 'respond', message: 'could you perhaps do a hut, cosy, with snow?' });
    await page.getByTestId('approval-item').filter({ hasText: 'Run scripted/image' }).click();
    const said = card.getByTestId('said-in-words');
    await said.waitFor();
    expect(await said.innerText()).toContain('Read by anthropic:claude-haiku-4-5');
    expect(await said.innerText()).toContain('Not certain: prompt (60 %)');
    expect(await said.innerText()).toContain('a cosy hut in the snow');
    await picture(page, 'read-by-a-language-model');
    expect(troubles).toEqual([]);
  }, 120_000);
});

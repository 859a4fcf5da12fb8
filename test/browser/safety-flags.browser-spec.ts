import type { Browser } from 'playwright-core';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { startHouse, type House } from '../harness/house';

describe('personal data on the card', () => {
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse(), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  it('is named in plain words before the payload is sent and before the result is kept', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const troubles = troublesOf(page);
    await page.goto(house.url);
    await signIn(page, 'dana');
    await house.client('dana').startRun({
      run_input: { prompt: 'A letterpress business card for jane.doe@example.com, phone +1 415 555 2671', provider: 'scripted', model: 'scripted/echo' },
      hitl_config: { policy: 'auto_with_thresholds' },
    });
    const item = page.getByTestId('approval-item').filter({ hasText: 'Run scripted/echo' });
    await item.click();
    const flags = page.getByTestId('approval-card').getByTestId('flag');
    await flags.first().waitFor();
    expect(await flags.allInnerTexts()).toEqual([
      'Personal data: prompt holds an e-mail address (j•••@•••.com) 95 % sure', 'Personal data: prompt holds a phone number (•••71) 90 % sure',
    ]);
    await picture(page, 'personal-data-in-the-payload');
    await page.getByTestId('action-approve').click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('approval-item').filter({ hasText: 'Keep the result' }).click();
    await flags.filter({ hasText: 'the answer holds an e-mail address' }).waitFor();
    await picture(page, 'personal-data-in-the-result');
    expect(troubles).toEqual([]);
  }, 120_000);
});

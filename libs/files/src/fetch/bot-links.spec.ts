import { botLinksIn, replaceBotLinks, withoutBotToken } from './bot-links';

const LINK = 'https://api.telegram.org/file/bot123456:AAE-x_y/photos/file_1.jpg';

describe('addresses with a bot\'s token', () => {
  it.each([LINK, 'http://localhost:8081/file/bot1:A/a.png', 'https://api.telegram.org/bot1:A/getFile?file_id=x', 'https://api.telegram.org/file/bot1%3AAAE/x.png'])('finds %s at any depth', (link) => {
    const value = { prompt: `look (${link}), please`, list: [{ url: link }], n: 1, none: null };
    expect(botLinksIn(value)).toEqual([link]);
    const clean = replaceBotLinks(value, withoutBotToken);
    expect(clean).toEqual({ ...value, prompt: `look (${withoutBotToken(link)}), please`, list: [{ url: withoutBotToken(link) }] });
    expect(JSON.stringify(clean)).not.toMatch(/bot1/);
    expect(botLinksIn(clean)).toEqual([]);
  });

  it.each(['https://a.example/robots.txt', 'https://a.example/bot/1:2', 'bot1:A'])('leaves %s alone', (text) => {
    expect(botLinksIn(text)).toEqual([]);
  });
});

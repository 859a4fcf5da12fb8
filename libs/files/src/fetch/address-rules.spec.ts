import fc from 'fast-check';
import { isPublicAddress, judgeUrl } from './address-rules';

const FORBIDDEN = [
  'http://127.0.0.1/', 'http://127.1/', 'http://127.0.1/', 'http://127.255.255.254/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.0.0.1/',
  'http://0177.0.0.1/', 'http://017700000001/', 'http://0x7F.1/', 'http://127.0.0.1./', 'http://１２７.0.0.1/', 'http://127。0。0。1/', 'http://%31%32%37.0.0.1/',
  'http://0.0.0.0/', 'http://0/', 'http://0.1.2.3/', 'http://10.0.0.1/', 'http://10.255.255.255/', 'http://172.16.0.1/', 'http://172.31.255.255/',
  'http://192.168.0.1/', 'http://192.168.1.1:8080/x', 'http://0xc0a80101/', 'http://169.254.169.254/latest/meta-data/', 'http://169.254.0.1/',
  'http://2852039166/', 'http://0xa9fea9fe/', 'http://0251.0376.0251.0376/', 'http://169.16689662/', 'http://100.64.0.1/', 'http://100.100.100.200/',
  'http://168.63.129.16/', 'http://192.0.0.192/', 'http://192.0.2.1/', 'http://198.18.0.1/', 'http://198.51.100.1/', 'http://203.0.113.1/', 'http://192.88.99.1/',
  'http://224.0.0.1/', 'http://239.255.255.250/', 'http://240.0.0.1/', 'http://255.255.255.255/',
  'http://[::1]/', 'http://[0:0:0:0:0:0:0:1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::ffff:8.8.8.8]/', 'http://[::127.0.0.1]/',
  'http://[::7f00:1]/', 'http://[0:0:0:0:0:ffff:a9fe:a9fe]/', 'http://[64:ff9b::127.0.0.1]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[64:ff9b:1::1]/', 'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/', 'http://[fe80::1]/', 'http://[fe80::1%25eth0]/', 'http://[febf::1]/', 'http://[fec0::1]/', 'http://[fc00::1]/', 'http://[fd00:ec2::254]/',
  'http://[fd12:3456:789a::1]/', 'http://[ff02::1]/', 'http://[2001:db8::1]/', 'http://[100::1]/', 'http://[4000::1]/', 'http://[::2]/', 'http://[3fff::1]/', 'http://[5f00::1]/',
  'http://localhost/', 'http://LOCALHOST:3000/', 'http://localhost./', 'http://a.localhost/', 'http://metadata.google.internal/', 'http://metadata/', 'http://printer.local/',
  'http://router.lan/', 'http://redis:6379/', 'http://db.home.arpa/', 'http://x.onion/', 'http://user:pass@example.com/', 'http://user@example.com/', 'http://example.com@127.0.0.1/',
  'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'javascript:alert(1)', 'blob:https://example.com/x', 'example.com/x', '', ' ', 'http://', 'http:///', 'http://[::1', 'http://a b/', '//example.com/x',
];

const ALLOWED = [
  'http://8.8.8.8/', 'https://1.1.1.1/dns', 'http://9.9.9.9:8080/', 'http://11.0.0.1/', 'http://126.255.255.255/', 'http://128.0.0.1/', 'http://134744072/', 'http://0x08080808/',
  'http://172.15.255.255/', 'http://172.32.0.1/', 'http://192.167.255.255/', 'http://192.169.0.1/', 'http://169.253.255.255/', 'http://169.255.0.1/', 'http://100.63.255.255/',
  'http://100.128.0.1/', 'http://198.17.255.255/', 'http://198.20.0.1/', 'http://223.255.255.254/', 'http://168.63.129.17/', 'http://[2606:4700:4700::1111]/', 'https://[2001:4860:4860::8888]/x',
  'http://[2a00:1450:4001::200e]:81/', 'http://[2620:fe::fe]/', 'https://example.com/', 'https://EXAMPLE.com/a.png?X-Sig=a:b@c', 'https://files.example.co.uk:8443/a/b%20c.png#x',
  'https://replicate.delivery/pbxt/x/out.png', 'https://127.0.0.1.example.com/', 'https://localhost.example.com/', 'https://xn--bcher-kva.example/', 'https://bücher.example/', 'https://example.com./', 'https://locals.com/', 'https://internal.example.com/',
  ' https://example.com/ ',
];

it('has a corpus worth the name', () => {
  expect(FORBIDDEN.length).toBeGreaterThanOrEqual(60);
  expect(ALLOWED.length).toBeGreaterThanOrEqual(30);
});

it.each(FORBIDDEN)('refuses %s', (url) => {
  expect(() => judgeUrl(url, [])).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(?:not_a_url|address_not_allowed)$/) }));
});

it.each(ALLOWED)('allows %s', (url) => {
  expect(judgeUrl(url, []).exempt).toBe(false);
});

it.each([
  ['http://127.0.0.1:4010/x', '127.0.0.1:4010'], ['http://[::1]:4010/', '[::1]:4010'], ['https://files.internal/', 'files.internal:443'], ['http://intranet/', 'intranet:80'],
])('lets %s through when the operator named %s', (url, host) => {
  expect(judgeUrl(url, [host]).exempt).toBe(true);
});

it.each([
  ['http://127.0.0.1:4011/', '127.0.0.1:4010'], ['http://127.0.0.1/', '127.0.0.1'], ['http://10.0.0.1:80/', '*:80'], ['http://a.files.internal/', 'files.internal:80'],
  ['http://me:you@127.0.0.1:4010/', '127.0.0.1:4010'], ['ftp://127.0.0.1:4010/', '127.0.0.1:4010'],
])('does not stretch an exemption: %s against %s', (url, host) => {
  expect(() => judgeUrl(url, [host])).toThrow();
});

it('tells nothing but the host when it refuses', () => {
  expect(() => judgeUrl('http://127.0.0.1/private/path?token=abc', [])).toThrow(/^(?!.*(?:private|token|abc))/);
});

it('lets no IPv4 address through by writing it into an IPv6 one', () => {
  fc.assert(fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '::', '64:ff9b::', '::ffff:0:'), (v4, prefix) => {
    expect(isPublicAddress(prefix + v4)).toBe(false);
  }));
});

it('judges an address the same in any spelling', () => {
  fc.assert(fc.property(fc.nat(0xffffffff), (value) => {
    const dotted = [24, 16, 8, 0].map((bits) => (value >>> bits) & 255).join('.');
    const verdict = (url: string): boolean => { try { judgeUrl(url, []); return true; } catch { return false; } };
    const plain = isPublicAddress(dotted);
    expect([`http://${value >>> 0}/`, `http://0x${value.toString(16)}/`, `http://0${value.toString(8)}/`, `http://${dotted}/`].map(verdict)).toEqual([plain, plain, plain, plain]);
  }));
});

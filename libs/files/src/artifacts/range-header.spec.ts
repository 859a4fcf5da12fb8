import { readRangeHeader } from './range-header';

it.each([
  ['bytes=0-', { start: 0 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['Bytes=-5', { last: 5 }],
  ['bytes=-', null],
  ['bytes=5-1', null],
  ['bytes=0-1,4-5', null],
  ['lines=0-1', null],
  ['bytes=1e3-', null],
  ['', null],
  [undefined, null],
])('reads the Range header %j', (header, expected) => {
  expect(readRangeHeader(header)).toEqual(expected);
});

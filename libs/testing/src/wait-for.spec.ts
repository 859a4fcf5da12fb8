import { waitFor } from './wait-for';

describe('waitFor', () => {
  it('returns what the look found, zero and empty text included', async () => {
    let looks = 0;
    expect(await waitFor(() => (looks += 1) > 2 && 'found', { what: 'three looks', intervalMs: 1 })).toBe('found');
    expect(await waitFor(() => 0, { what: 'zero' })).toBe(0);
  });

  it('goes on after a look that fails', async () => {
    let looks = 0;
    const look = (): string => {
      looks += 1;
      if (looks < 3) throw new Error('not there');
      return 'there';
    };
    expect(await waitFor(look, { what: 'it', intervalMs: 1 })).toBe('there');
  });

  it('names what it waited for and why it gave up', async () => {
    const options = { what: 'the moon', timeoutMs: 5, intervalMs: 1 };
    await expect(waitFor(() => undefined, options)).rejects.toThrow('waited 5 ms for the moon; the last look gave undefined');
    await expect(waitFor(() => Promise.reject(new Error('clouds')), options)).rejects.toThrow('the last look failed: clouds');
  });
});

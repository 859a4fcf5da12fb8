import { EnvError } from '@countersign/service-kit';
import { lookerOf } from './looker-of';

describe('who looks at pictures', () => {
  const said: string[] = [];
  const looker = (...[wanted, isInstalled]: [Parameters<typeof lookerOf>[0], boolean]) => lookerOf(wanted, isInstalled, (message) => void said.push(message));
  beforeEach(() => void (said.length = 0));

  it('is the model where it is installed, unless switched off', () => {
    expect(looker('auto', true)).toBeInstanceOf(Function);
    expect(looker('on', true)).toBeInstanceOf(Function);
    expect(looker('off', true)).toBeNull();
    expect(said).toEqual([]);
  });

  it('is nobody without the model, which is said; unless somebody must: then there is no start', () => {
    expect(looker('auto', false)).toBeNull();
    expect(said).toEqual([expect.stringContaining('not installed')]);
    expect(looker('off', false)).toBeNull();
    expect(() => looker('on', false)).toThrow(EnvError);
  });
});

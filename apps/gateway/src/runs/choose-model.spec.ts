import type { RunInputDto } from '@countersign/contracts';
import type { AiProvider } from '@countersign/core';
import { ProviderRegistry } from '@countersign/providers';
import { chooseModel } from './choose-model';

const provider = (name: string, tools: string[]): AiProvider => ({ name, tools }) as unknown as AiProvider;
const PROVIDERS = new ProviderRegistry([provider('replicate', ['replicate-agent-tool']), provider('local', [])]);
const VERSION = 'a'.repeat(64);
const choose = (input: Partial<RunInputDto>) => chooseModel({ prompt: '', ...input }, PROVIDERS);
const tool = (entry: object, name = 'replicate-agent-tool') => ({ agent_tool_config: { [name]: entry } }) as Partial<RunInputDto>;

describe('choosing the model', () => {
  it.each<[string, Partial<RunInputDto>, object]>([
    ['the short form', { provider: 'local', model: 'local/speak' }, { provider: { name: 'local' }, model: 'local/speak', version: null, tool: null }],
    ['the short form with a version', { provider: 'replicate', model: 'a/b:v1' }, { model: 'a/b', version: 'v1' }],
    ['a flat entry', tool({ name: 'a/b' }), { provider: { name: 'replicate' }, model: 'a/b', version: null, tool: 'replicate-agent-tool' }],
    ['a nested entry', tool({ name: 'replicate-agent-tool', data: { name: 'a/b' } }), { model: 'a/b' }],
    ['an entry with empty data', tool({ name: 'a/b', data: {} }), { model: 'a/b' }],
    ['an older name of the name', tool({ model_name: 'a/b' }), { model: 'a/b' }],
    ['an entry with a version', tool({ name: 'a/b', latest_version: VERSION }), { version: VERSION }],
    ['a name that has a version itself', tool({ name: 'a/b:v1', latest_version: VERSION }), { version: 'v1' }],
    ['other words for a version', tool({ name: 'a/b', latest_version: 'newest' }), { version: null }],
    ['the first mapped of many', { agent_tool_config: { 'web3-agent-tool': {}, 'replicate-agent-tool': { name: 'a/b' } } }, { model: 'a/b' }],
    ['the short form beside an entry', { provider: 'local', model: 'local/read', ...tool({ name: 'a/b' }) }, { model: 'local/read' }],
  ])('reads %s', (_what, input, expected) => {
    expect(choose(input)).toMatchObject(expected);
  });

  it.each<[string, Partial<RunInputDto>, string]>([
    ['nothing', {}, 'VALIDATION_FAILED'],
    ['no entries', { agent_tool_config: {} }, 'VALIDATION_FAILED'],
    ['a provider alone', { provider: 'local' }, 'VALIDATION_FAILED'],
    ['a provider that is not there', { provider: 'nobody', model: 'a/b' }, 'PROVIDER_NOT_FOUND'],
    ['a prototype\'s name', { provider: 'toString', model: 'a/b' }, 'PROVIDER_NOT_FOUND'],
    ['a tool without provider', tool({ name: 'a/b' }, 'woo-agent-tool'), 'TOOL_NOT_SUPPORTED'],
    ['a tool that is none', tool({ name: 'a/b' }, 'my-tool'), 'TOOL_NOT_SUPPORTED'],
    ['an entry without a name', tool({ description: 'x' }), 'VALIDATION_FAILED'],
    ['a path for a name', tool({ name: '../../etc' }), 'VALIDATION_FAILED'],
    ['a name with a query', { provider: 'local', model: 'a/b?x=1' }, 'VALIDATION_FAILED'],
  ])('refuses %s', (_what, input, code) => {
    expect(() => choose(input)).toThrow(expect.objectContaining({ code }));
  });
});

import { DecisionDto, RunRequestDto, RunsQueryDto } from '@countersign/contracts';
import { checkedInput } from './checked-input';
import type { ProblemError } from '../answers/problem';

const RUN = { run_input: { prompt: '', provider: 'p', model: 'o/n' } };

function fieldsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return ((error as ProblemError).more.errors ?? []).map(({ field, code }) => `${field} ${code}`);
  }
}

describe('checked input', () => {
  it('is an instance of its class, with the caller\'s own JSON untouched and nulls as absent', () => {
    const parameters = { a: null, b: [{ c: '1' }], d: 1e21 };
    const request = checkedInput(RunRequestDto, { ...RUN, session_id: null, run_input: { ...RUN.run_input, log_id: null, parameters } });
    expect(request).toBeInstanceOf(RunRequestDto);
    expect(JSON.parse(JSON.stringify(request))).toEqual({ run_input: { ...RUN.run_input, parameters } });
  });

  it('takes everything that existing callers send', () => {
    const input = {
      prompt: 'x', user_id: 'u', user_email: 'e', agent_email: 'a', session_id: 's', message_type: 'user_message', tenant: 't', log_id: 'l',
      agent_tool_config: { 'replicate-agent-tool': { data: {} } }, selected_llm: { provider: 'x', name: 'y' },
      conversation: [{ role: 'user', content: { text: 'hi' }, timestamp: 1 }], chat_history: [], document_context: '', document_url: 'https://x.example/a.pdf',
      attachments: ['https://x.example/a.png', { url: 'https://x.example/b', name: 'b.png', mime: 'image/png' }],
    };
    expect(fieldsOf(() => checkedInput(RunRequestDto, { run_input: input }))).toEqual([]);
    expect(fieldsOf(() => checkedInput(RunRequestDto, { run_input: { ...input, selected_llm: 'gpt', document_context: { a: 1 } } }))).toEqual([]);
  });

  it('names every wrong field by its path, all at once', () => {
    const body = {
      run_input: { prompt: 5, attachments: [{ href: 'x' }], selected_llm: [1], extra: 1 },
      hitl_config: { policy: 'maybe', review_thresholds: { response_quality_min: 2 }, timeout_seconds: 0, allowed_steps: ['nowhere'] }, more: true,
    };
    expect(fieldsOf(() => checkedInput(RunRequestDto, body)).map((line) => line.split(' ')[0]).sort()).toEqual([
      'hitl_config.allowed_steps', 'hitl_config.policy', 'hitl_config.review_thresholds.response_quality_min', 'hitl_config.timeout_seconds', 'more',
      'run_input.attachments', 'run_input.extra', 'run_input.prompt', 'run_input.prompt', 'run_input.selected_llm', 'run_input.selected_llm',
    ]);
    expect(fieldsOf(() => checkedInput(DecisionDto, { action: 'maybe', typo: 1 }))).toEqual(['typo unknown_field', 'action is_in']);
  });

  it.each([null, 'text', 3, ['a'], undefined])('refuses %j instead of an object', (body) => {
    expect(() => checkedInput(RunRequestDto, body)).toThrow('JSON object');
  });

  it('reads a query: repeated keys, numbers', () => {
    expect(checkedInput(RunsQueryDto, { status: 'queued', limit: '7' })).toEqual({ status: ['queued'], limit: 7 });
    expect(checkedInput(RunsQueryDto, { status: ['queued', 'failed'] }).status).toEqual(['queued', 'failed']);
    expect(fieldsOf(() => checkedInput(RunsQueryDto, { limit: 'many', status: 'nowhere' }))).toContain('status is_in');
  });
});

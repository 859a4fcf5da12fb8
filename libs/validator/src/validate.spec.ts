import { CHECKPOINT_TYPES, type Form, type ValidationReport } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { openApi } from './testing/open-api';
import { requestOf } from './testing/request-of';
import { schemaOf } from './testing/schemas';
import { validate } from './validate';

const form = (model: string): Form => formFromOpenApi(schemaOf(`acme/${model}`));
const checkpoint = (report: ValidationReport, type: string) => report.summary.checkpoints.find((one) => one.type === type);

describe('the five checkpoints', () => {
  test('always five, in order, and nothing asks because all is well', () => {
    const report = validate(form('dream-xl'), requestOf({ prompt: 'a calm sea at dawn' }));
    expect(report.summary.checkpoints.map((one) => one.type)).toEqual([...CHECKPOINT_TYPES]);
    expect(report.summary).toMatchObject({ total_checkpoints: 5, passed_checkpoints: 5, failed_checkpoints: 0, blocking_checkpoints: 0, total_issues: 0, blocking_issues: 0, ready_for_execution: true, user_friendly_message: 'Ready to proceed.' });
    expect(checkpoint(report, 'execution_approval')).toMatchObject({ required: true, passed: true, blocking: false, user_input_required: false, issues: [] });
  });

  test('the last one blocks when an earlier one does, and counts nothing twice', () => {
    const report = validate(form('dream-xl'), requestOf({ parameters: { num_outputs: 9 } }));
    expect(checkpoint(report, 'parameter_review')).toMatchObject({ blocking: true, user_input_required: true });
    expect(checkpoint(report, 'execution_approval')).toMatchObject({ blocking: true, passed: false, issues: [] });
    expect(report.summary).toMatchObject({ blocking_issues: 2, total_issues: 2, blocking_checkpoints: 2, ready_for_execution: false });
  });

  test('a warning never blocks', () => {
    const report = validate(form('dream-xl'), requestOf({ prompt: 'fog' }));
    expect(report.ready).toBe(true);
    expect(checkpoint(report, 'input_validation')).toMatchObject({ passed: false, blocking: false, issues: [{ code: 'prompt_too_short', severity: 'warning' }] });
    expect(report.summary.user_friendly_message).toBe('Ready to proceed, with one remark.');
  });

  test('files are only required where the model needs one', () => {
    expect(checkpoint(validate(form('dream-xl'), requestOf({ prompt: 'a calm sea' })), 'file_validation')).toMatchObject({ required: false });
    expect(checkpoint(validate(form('cutout-rembg'), requestOf()), 'file_validation')).toMatchObject({ required: true });
  });

  test('no model', () => {
    const report = validate(null, requestOf({ prompt: 'hello' }));
    expect(report).toMatchObject({ ready: false, input: {} });
    expect(checkpoint(report, 'model_selection')).toMatchObject({ blocking: true, issues: [{ code: 'model_unknown', field: 'model' }] });
  });

  test('what is missing is grouped, and each problem has a next step', () => {
    const report = validate(form('patch-inpaint'), requestOf());
    expect(report.summary.missing_inputs).toEqual({ text: ['prompt'], image: ['image', 'mask'], audio: [], video: [], file: [] });
    expect(report.summary.suggested_actions).toHaveLength(3);
    expect(report.summary.suggested_actions.every((action) => action.priority === 'high' && action.action.length > 10)).toBe(true);
    const group = validate(form('puppet-lip-sync'), requestOf());
    expect(group.summary.missing_inputs).toMatchObject({ video: ['video_url'], audio: ['audio_file'], text: ['video_id', 'text'] });
  });
});

describe('fixes', () => {
  test('are listed before and after, one per field, and edits are repaired alike', () => {
    const report = validate(form('dream-xl'), requestOf({ prompt: 'a calm sea at dawn', parameters: { steps: '30' }, edits: { format: 'PNG' } }));
    expect(report.fixes).toEqual([
      { field: 'output_format', from_field: 'format', before: 'PNG', after: 'png', rule: 'rename_alias, enum_spelling' },
      { field: 'num_inference_steps', from_field: 'steps', before: '30', after: 30, rule: 'rename_alias, to_integer' },
    ]);
  });

  test('a value that is wrong is neither sent nor called missing', () => {
    const report = validate(form('small-llm-chat'), requestOf({ prompt: 'Name three rivers', parameters: { top_p: 2 } }));
    expect(report.input).toEqual({ prompt: 'Name three rivers' });
    expect(report.fixes).toEqual([]);
  });

  test('an emptied field stays empty', () => {
    const report = validate(form('cutout-rembg'), requestOf({ edits: { img: null }, attachments: [{ url: 'https://files.example.org/a.png' }] }));
    expect(report.ready).toBe(false);
  });
});

test('the inside of objects is checked against the schema', () => {
  const nested = formFromOpenApi({ provider: 'p', model: 'a/chat', version: '1', digest: 'n', schema: openApi({ prompt: { type: 'string' }, messages: { type: 'array', items: { type: 'object', required: ['role'], properties: { role: { type: 'string', enum: ['user', 'system'] } } } } }, ['prompt']) });
  const issues = (messages: unknown) => validate(nested, requestOf({ prompt: 'Hello there', parameters: { messages } as never })).summary.checkpoints.flatMap((one) => one.issues);
  expect(issues([{ role: 'user' }])).toEqual([]);
  expect(issues([{ role: 'king' }])).toMatchObject([{ code: 'wrong_type', field: 'messages', details: { path: '/0/role' } }]);
  expect(issues([{}])).toMatchObject([{ code: 'wrong_type', field: 'messages' }]);
});

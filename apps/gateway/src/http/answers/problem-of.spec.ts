import { BadRequestException, NotFoundException } from '@nestjs/common';
import { invalid, ProblemError, PROBLEMS } from './problem';
import { problemOf } from './problem-of';

describe('problems', () => {
  it('are RFC 9457 bodies with a stable code', () => {
    expect(invalid('a.b', 'missing', 'a.b is needed').view('r1')).toEqual({
      type: 'urn:countersign:problem:validation-failed', title: PROBLEMS.VALIDATION_FAILED.title, status: 422, code: 'VALIDATION_FAILED',
      detail: 'a.b is needed', errors: [{ field: 'a.b', code: 'missing', message: 'a.b is needed' }], request_id: 'r1',
    });
  });

  it.each([
    ['one of ours', new ProblemError('STALE_PAYLOAD', 'x'), 'STALE_PAYLOAD'],
    ['an unknown route', new NotFoundException('Cannot GET /x'), 'NOT_FOUND'],
    ['a broken request', new BadRequestException('x'), 'MALFORMED_BODY'],
    ['a database that is away', Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' }), 'UNAVAILABLE'],
    ['a database that shuts down', Object.assign(new Error('terminating connection'), { code: '57P01' }), 'UNAVAILABLE'],
    ['a pool that is empty', new Error('timeout exceeded when trying to connect'), 'UNAVAILABLE'],
    ['a mistake of ours', new TypeError('x is not a function'), 'INTERNAL'],
    ['something that is no error', 'boom', 'INTERNAL'],
    ['nothing', undefined, 'INTERNAL'],
  ])('names %s', (_what, error, code) => {
    expect(problemOf(error).code).toBe(code);
  });

  it('tell nothing of what went wrong inside', () => {
    const view = JSON.stringify(problemOf(new Error('password=hunter2 at /srv/app/x.js:1')).view('r'));
    expect(view).not.toMatch(/hunter2|\/srv/);
    expect(JSON.stringify(problemOf(Object.assign(new Error('ECONNREFUSED 10.1.2.3'), { code: 'ECONNREFUSED' })).view('r'))).not.toContain('10.1.2.3');
  });
});

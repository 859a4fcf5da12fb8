import { ON_UNKNOWN } from '@countersign/core';
import { ListField, NumberField, TextField, TimeField } from './api-fields';

/** Money of the tenant or of one user on one day, US dollars. */
export class BudgetLineView {
  @TextField('Whose.', { enum: ['tenant', 'user'] }) scope: 'tenant' | 'user';
  @TextField('The user; null = the whole tenant.', { nullable: true, example: 'user123' }) user_id: string | null;
  @NumberField('Most for the day; null = no cap.', { nullable: true, example: 25 }) cap_usd: number | null;
  @NumberField('Of launches that ended: what they cost or, where nobody told, what was set aside for them.', { example: 3.2 }) used_usd: number;
  @NumberField('Set aside for what waits or runs.', { example: 0.4 }) reserved_usd: number;
  @NumberField('What is left under the cap, below zero when it was passed; null = no cap.', { nullable: true, example: 21.4 }) left_usd: number | null;
  @TextField('What a run meets whose cost nobody can estimate; null = no cap.', { nullable: true, enum: ON_UNKNOWN }) unknown_estimate: string | null;
  @TextField('Who set the cap.', { nullable: true, example: 'human:user123' }) set_by: string | null;
  @TimeField('When.', { nullable: true }) set_at: string | null;
}

export class BudgetView {
  @TextField('The day, UTC.', { example: '2026-11-22' }) day: string;
  @TextField('Of every amount.', { example: 'USD' }) currency: string;
  @ListField(() => BudgetLineView, 'The tenant first, then users by name: who has a cap or spent something. Requesters see the tenant and themselves.') lines: BudgetLineView[];
}

import type { MemoryState } from '@countersign/core';
import { MEMORY_STATES } from '@countersign/core';
import { AnyField, FlagField, IdField, ListField, ObjectField, TextField, TimeField, WholeField } from './api-fields';
import { LinksView } from './shared-views';

export class MemoryEvidenceView {
  @WholeField('Cards on which this very change was made.', { example: 4 }) alike: number;
  @WholeField('The last cards on which the field held the same value before, five at most.', { example: 5 }) of: number;
  @TextField('In words.', { example: 'last 4 of 5: aspect_ratio 1:1 → 16:9' }) words: string;
}

/** One change that reviewers made for a user on one version of a model. */
export class MemoryView {
  @IdField('This entry.') memory_id: string;
  @TextField('For whose runs.', { example: 'user123' }) user_id: string;
  @TextField('Who runs the model.', { example: 'replicate' }) provider: string;
  @TextField('The model.', { example: 'black-forest-labs/flux-schnell' }) model: string;
  @TextField('Its version: nothing is remembered across versions.') version: string;
  @TextField('The field of the model\'s input.', { example: 'aspect_ratio' }) field: string;
  @AnyField('What it held: given, else the model\'s default, else null.', { example: '1:1', nullable: true }) before: unknown;
  @AnyField('What reviewers made of it; null = emptied.', { example: '16:9', nullable: true }) after: unknown;
  @TextField('`noted`: not often enough yet; `proposed`: offered on cards; `muted`: never offered; `always`: made without asking, where the requester left the field to the model.', { enum: MEMORY_STATES })
  state: MemoryState;
  @ObjectField(() => MemoryEvidenceView, 'What it rests on.') evidence: MemoryEvidenceView;
  @TimeField('First seen.') first_seen_at: string;
  @TimeField('Last seen.') last_seen_at: string;
  @TextField('Who muted it or switched it on.', { nullable: true, example: 'human:user123' }) set_by: string | null;
  @TimeField('When.', { nullable: true }) set_at: string | null;
  @ObjectField(() => LinksView, 'Where it is.') links: LinksView;
}

export class MemoryListView {
  @ListField(() => MemoryView, 'Newest first.') memories: MemoryView[];
  @WholeField('Matches in all.', { example: 3 }) total: number;
  @IdField('For the next page; null on the last.', { nullable: true }) next_cursor: string | null;
}

export class ForgottenView {
  @FlagField('It is gone, with the observations behind it.') success: boolean;
  @TextField('For people.') message: string;
  @WholeField('Entries that were deleted.', { example: 1 }) deleted: number;
}

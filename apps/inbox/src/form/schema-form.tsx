import { useState, type ReactNode } from 'react';
import type { Issue, Json } from '@countersign/core';
import { hasHidden } from '../text/visible-characters';
import { VisibleText } from '../text/visible-text';
import { ControlFor } from './controls';
import { shownValue, type Draft } from './draft';
import { objectOf, type Field } from './fields';

export type FieldError = { field: string; message: string };

interface SchemaFormProps {
  fields: readonly Field[];
  draft: Draft;
  onChange(name: string, value: Json | undefined, problem: string | null): void;
  /** What the server said against single fields. */
  errors: readonly FieldError[];
  /** What validation found, with a way out where there is one. */
  issues: readonly Issue[];
  isLocked: boolean;
  /** Hides what is left to the model, so that what was said is seen at a glance. */
  isFolded?: boolean;
}

/** Fewer than this are not worth a fold. */
const FOLD_FROM = 3;

/** The editable fields of a model, as its schema describes them. */
export function SchemaForm({ fields, draft, onChange, errors, issues, isLocked, isFolded = false }: SchemaFormProps) {
  const row = (field: Field) => (
    <FieldRow
      key={field.name} field={field} draft={draft} isLocked={isLocked}
      onChange={(value, problem = null) => onChange(field.name, value, problem)}
      errors={errors.filter((error) => error.field === field.name).map((error) => error.message)}
      issues={issues.filter((issue) => issue.field === field.name)}
    />
  );
  const { shown, folded, summary } = isFolded ? fold(fields, issues) : { shown: fields, folded: [], summary: '' };
  return (
    <div className="schema-form">
      {shown.map(row)}
      {folded.length > 0 && (
        <Fold summary={summary} isNeeded={folded.some(({ name }) => name in draft || errors.some(({ field }) => field === name))}>{folded.map(row)}</Fold>
      )}
    </div>
  );
}

/** By what stands, not by what is typed: a field must not move from under the hand. */
function fold(fields: readonly Field[], issues: readonly Issue[]): { shown: readonly Field[]; folded: readonly Field[]; summary: string } {
  const own = fields.filter((field) => !field.isModelInput);
  const inputs = fields.filter((field) => field.isModelInput);
  if (own.length > 0 && inputs.length > 0) {
    const hasText = own.some(({ current }) => current !== undefined && current !== '');
    return hasText
      ? { shown: own, folded: inputs, summary: 'Change the input, to run it again' }
      : { shown: [], folded: fields, summary: 'Write an answer instead, or change the input to run it again' };
  }
  const isSaid = (field: Field): boolean => field.required || field.current !== undefined || !field.isModelInput || issues.some((issue) => issue.field === field.name);
  const folded = fields.filter((field) => !isSaid(field));
  if (folded.length < FOLD_FROM) return { shown: fields, folded: [], summary: '' };
  return { shown: fields.filter(isSaid), folded, summary: `${folded.length} more fields, left to the model: ${folded.map(({ label }) => label.toLowerCase()).join(', ')}` };
}

/** Open while something in it was changed or is wrong. */
function Fold({ summary, isNeeded, children }: { summary: string; isNeeded: boolean; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="fold" open={isOpen || isNeeded} onToggle={(event) => setOpen(event.currentTarget.open)} data-testid="more-fields">
      <summary><VisibleText text={summary} /></summary>
      <div className="schema-form">{children}</div>
    </details>
  );
}

interface FieldRowProps {
  field: Field;
  draft: Draft;
  isLocked: boolean;
  onChange(value: Json | undefined, problem?: string | null): void;
  errors: readonly string[];
  issues: readonly Issue[];
}

function FieldRow({ field, draft, isLocked, onChange, errors, issues }: FieldRowProps) {
  const value = shownValue(field, draft);
  const entry = draft[field.name];
  const id = `input-${field.name}`;
  const problems = [...errors, ...(entry?.problem ? [entry.problem] : [])];
  const isGrouped = ['choices', 'files', 'list'].includes(field.control);
  const Label = isGrouped ? 'span' : 'label';
  return (
    <div className={`field${entry ? ' touched' : ''}${problems.length > 0 ? ' wrong' : ''}${issues.some(({ severity }) => severity === 'error') ? ' flagged' : ''}`} role={isGrouped ? 'group' : undefined} aria-labelledby={isGrouped ? `${id}-label` : undefined}>
      <div className="field-head">
        <Label id={`${id}-label`} {...(!isGrouped && { htmlFor: id })} className="field-label">
          <VisibleText text={field.label} />
        </Label>
        {field.required && <span className="required">required</span>}
        {entry && <span className="changed">changed</span>}
        <code className="field-name">{field.name}</code>
      </div>
      {field.description && <p id={`${id}-about`} className="field-about"><VisibleText text={field.description} /></p>}
      <ControlFor field={field} value={value} id={id} isLocked={isLocked} isWrong={problems.length > 0} describedBy={field.description ? `${id}-about` : undefined} onChange={onChange} />
      <Limits field={field} />
      {typeof value === 'string' && !value.startsWith('data:') && hasHidden(value) && (
        <p className="field-hidden">Holds characters that cannot be seen: <VisibleText text={value} /></p>
      )}
      {problems.map((problem) => <p key={problem} className="field-error" role="alert"><VisibleText text={problem} /></p>)}
      {issues.map((issue) => <FieldIssue key={issue.code + issue.message} issue={issue} onTake={isLocked ? null : (offered) => onChange(offered)} />)}
    </div>
  );
}

function Limits({ field }: { field: Field }) {
  const parts = [
    field.minimum !== undefined && field.maximum !== undefined && `${number(field.minimum)} to ${number(field.maximum)}`,
    field.minimum !== undefined && field.maximum === undefined && `at least ${number(field.minimum)}`,
    field.minimum === undefined && field.maximum !== undefined && `at most ${number(field.maximum)}`,
    field.maxLength !== undefined && `up to ${field.maxLength.toLocaleString('en')} characters`,
    !['choice', 'boolean'].includes(field.control) && field.fallback !== undefined && field.fallback !== '' && `default ${typeof field.fallback === 'string' ? `“${field.fallback}”` : JSON.stringify(field.fallback)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? <p className="field-limits"><VisibleText text={parts.join(' · ')} /></p> : null;
}

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 10 });

function FieldIssue({ issue, onTake }: { issue: Issue; onTake: ((value: Json) => void) | null }) {
  const { clamped, candidates } = objectOf(issue.details);
  const offers = clamped !== undefined ? [clamped] : Array.isArray(candidates) ? candidates : [];
  return (
    <div className={`field-issue ${issue.severity}`}>
      <p><VisibleText text={issue.message} /> {issue.suggested_fix && <span className="fix"><VisibleText text={issue.suggested_fix} /></span>}</p>
      {onTake && offers.map((offer) => (
        <button key={JSON.stringify(offer)} type="button" className="button small" onClick={() => onTake(offer)}>
          Use <VisibleText text={typeof offer === 'string' ? offer : JSON.stringify(offer)} />
        </button>
      ))}
    </div>
  );
}

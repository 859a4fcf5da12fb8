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
}

/** The editable fields of a model, as its schema describes them. */
export function SchemaForm({ fields, draft, onChange, errors, issues, isLocked }: SchemaFormProps) {
  return (
    <div className="schema-form">
      {fields.map((field) => (
        <FieldRow
          key={field.name} field={field} draft={draft} isLocked={isLocked}
          onChange={(value, problem = null) => onChange(field.name, value, problem)}
          errors={errors.filter((error) => error.field === field.name).map((error) => error.message)}
          issues={issues.filter((issue) => issue.field === field.name)}
        />
      ))}
    </div>
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
    <div className={`field${entry ? ' touched' : ''}${problems.length > 0 ? ' wrong' : ''}`} role={isGrouped ? 'group' : undefined} aria-labelledby={isGrouped ? `${id}-label` : undefined}>
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
    field.minimum !== undefined && field.maximum !== undefined && `${field.minimum} to ${field.maximum}`,
    field.minimum !== undefined && field.maximum === undefined && `at least ${field.minimum}`,
    field.minimum === undefined && field.maximum !== undefined && `at most ${field.maximum}`,
    field.maxLength !== undefined && `up to ${field.maxLength.toLocaleString('en')} characters`,
    !['choice', 'boolean'].includes(field.control) && field.fallback !== undefined && field.fallback !== '' && `default ${typeof field.fallback === 'string' ? `“${field.fallback}”` : JSON.stringify(field.fallback)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? <p className="field-limits"><VisibleText text={parts.join(' · ')} /></p> : null;
}

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

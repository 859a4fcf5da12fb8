import { useState } from 'react';
import type { Json } from '@countersign/core';
import type { Field } from './fields';
import { FileControl } from './file-control';
import { ChoicesControl, ListControl } from './list-control';

export interface ControlProps {
  field: Field;
  value: Json | undefined;
  id: string;
  isLocked: boolean;
  isWrong: boolean;
  describedBy: string | undefined;
  /** `problem` says why what was typed is not a value yet. */
  onChange(value: Json | undefined, problem?: string | null): void;
}

/** Up to this many positions a slider is finer than a hand needs. */
const SLIDER_POSITIONS = 1000;

export function ControlFor(props: ControlProps) {
  switch (props.field.control) {
    case 'number': return <NumberControl {...props} />;
    case 'boolean': return <BooleanControl {...props} />;
    case 'choice': return <ChoiceControl {...props} />;
    case 'choices': return <ChoicesControl {...props} />;
    case 'file': return <FileControl {...props} />;
    case 'files':
    case 'list': return <ListControl {...props} />;
    case 'json': return <JsonControl {...props} />;
    default: return <TextControl {...props} />;
  }
}

/** The attributes that every control of a field shares. */
export function common({ field, id, isLocked, isWrong, describedBy }: ControlProps) {
  return {
    id, disabled: isLocked, 'data-testid': `field-${field.name}`, 'aria-invalid': isWrong || undefined, 'aria-describedby': describedBy,
    'aria-required': field.required || undefined,
  };
}

function TextControl(props: ControlProps) {
  const { field, value, onChange } = props;
  const text = typeof value === 'string' ? value : '';
  const shared = {
    ...common(props), value: text, placeholder: typeof field.fallback === 'string' ? field.fallback : '',
    onChange: (event: { target: { value: string } }) => onChange(event.target.value === '' ? undefined : event.target.value),
  };
  if (field.control === 'long_text') return <textarea {...shared} dir="auto" rows={Math.min(12, Math.max(2, Math.ceil(text.length / 70), text.split('\n').length))} />;
  return <input {...shared} dir="auto" type={field.control === 'secret' ? 'password' : 'text'} autoComplete="off" spellCheck={false} />;
}

function NumberControl(props: ControlProps) {
  const { field, value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const { minimum, maximum, step } = field;
  const range = minimum !== undefined && maximum !== undefined ? maximum - minimum : Infinity;
  const isSmall = range / (step ?? range / 100) <= SLIDER_POSITIONS;
  const shared = { min: minimum, max: maximum, step: step ?? 'any' };
  // What is being typed ("1.") is kept as typed as long as it means the value that stands.
  const text = typed !== null && parse(typed) === value ? typed : typeof value === 'number' ? String(value) : '';
  return (
    <div className="number-control">
      <input
        {...common(props)} {...shared} type="number" inputMode="decimal" value={text}
        placeholder={typeof field.fallback === 'number' ? String(field.fallback) : ''}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(parse(event.target.value), event.target.validity.badInput ? 'This is not a number.' : null);
        }}
      />
      {isSmall && (
        <input
          {...shared} type="range" step={step ?? range / 100} disabled={props.isLocked} aria-label={`${field.label}, slider`} tabIndex={-1} className={value === undefined ? 'unset' : undefined}
          value={typeof value === 'number' ? value : typeof field.fallback === 'number' ? field.fallback : minimum}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      )}
    </div>
  );
}

function parse(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}

function BooleanControl(props: ControlProps) {
  const { value, field, onChange } = props;
  return (
    <span className="boolean-control">
      <input {...common(props)} type="checkbox" checked={(value ?? field.fallback) === true} onChange={(event) => onChange(event.target.checked)} />
      <span aria-hidden="true">{(value ?? field.fallback) === true ? 'yes' : 'no'}{value === undefined && ' (default)'}</span>
    </span>
  );
}

function ChoiceControl(props: ControlProps) {
  const { field, value, onChange } = props;
  const at = field.options.findIndex((option) => option === value);
  const isForeign = value !== undefined && value !== null && at < 0;
  return (
    <select
      {...common(props)} value={isForeign ? FOREIGN : at < 0 ? UNSET : wireValue(field.options[at])}
      onChange={(event) => {
        const chosen = field.options.find((option) => wireValue(option) === event.target.value);
        onChange(event.target.value === FOREIGN ? value : chosen);
      }}
    >
      <option value={UNSET}>{field.fallback !== undefined ? `default: ${String(field.fallback)}` : field.required ? 'choose …' : 'not set'}</option>
      {isForeign && <option value={FOREIGN}>{JSON.stringify(value)} (not allowed)</option>}
      {field.options.map((option) => <option key={wireValue(option)} value={wireValue(option)}>{String(option)}</option>)}
    </select>
  );
}

const UNSET = '#unset';
const FOREIGN = '#foreign';

/** Options keep their type: 1 and "1" are two things. */
function wireValue(option: Json | undefined): string {
  return typeof option === 'string' ? option : `#${JSON.stringify(option ?? null)}`;
}

function JsonControl(props: ControlProps) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <textarea
      {...common(props)} className="code" rows={4} spellCheck={false} value={typed ?? (value === undefined ? '' : JSON.stringify(value, null, 2))}
      onChange={(event) => {
        setTyped(event.target.value);
        try {
          onChange(event.target.value.trim() === '' ? undefined : (JSON.parse(event.target.value) as Json));
        } catch {
          onChange(value, 'This is not JSON yet.');
        }
      }}
    />
  );
}

import type { Json } from '@countersign/core';
import type { ControlProps } from './controls';
import { same } from './draft';
import { FileControl } from './file-control';
import { listOf } from './fields';

/** A list of texts, numbers or files, one a line. */
export function ListControl(props: ControlProps) {
  const { field, value, id, isLocked, onChange } = props;
  const items = listOf(value);
  const replace = (index: number, item: Json | undefined): void => onChange(items.map((old, at) => (at === index ? (item ?? '') : old)));
  const empty: Json = field.itemIsNumber ? 0 : '';
  return (
    <div className="list-control" data-testid={`field-${field.name}`}>
      {items.map((item, index) => (
        // The place is what a line is; there is nothing else to know it by.
        <div key={index} className="list-line">
          {field.control === 'files' ? (
            <FileControl {...props} field={{ ...field, name: `${field.name}-${index}`, label: `${field.label} ${index + 1}` }} id={`${id}-${index}`} value={item} onChange={(next) => replace(index, next)} />
          ) : (
            <input
              id={`${id}-${index}`} data-testid={`field-${field.name}-${index}`} type={field.itemIsNumber ? 'number' : 'text'} step="any" disabled={isLocked}
              aria-label={`${field.label} ${index + 1}`} value={typeof item === 'string' || typeof item === 'number' ? item : JSON.stringify(item)}
              onChange={(event) => replace(index, field.itemIsNumber ? Number(event.target.value) : event.target.value)}
            />
          )}
          {!isLocked && <button type="button" className="button small" aria-label={`Remove ${field.label} ${index + 1}`} onClick={() => onChange(items.filter((_, at) => at !== index))}>Remove</button>}
        </div>
      ))}
      {!isLocked && <button type="button" className="button small" data-testid={`add-${field.name}`} onClick={() => onChange([...items, empty])}>Add</button>}
      {isLocked && items.length === 0 && <span className="nothing">nothing</span>}
    </div>
  );
}

/** Any of the allowed items, each once, in their own order. */
export function ChoicesControl({ field, value, isLocked, onChange }: ControlProps) {
  const chosen = listOf(value ?? field.fallback);
  return (
    <div className="choices-control" data-testid={`field-${field.name}`}>
      {field.options.map((option) => (
        <label key={JSON.stringify(option)}>
          <input
            type="checkbox" disabled={isLocked} checked={chosen.some((one) => same(one, option))}
            onChange={(event) => onChange(field.options.filter((one) => (same(one, option) ? event.target.checked : chosen.some((other) => same(other, one)))))}
          />
          {String(option)}
        </label>
      ))}
    </div>
  );
}

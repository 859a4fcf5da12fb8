/** What class-validator and class-transformer decorators are: called with the prototype and the field's name. */
export type FieldRule = PropertyDecorator;

/** Several rules as one. */
export function applyDecorators(...rules: FieldRule[]): FieldRule {
  return (target, name) => rules.forEach((rule) => rule(target, name));
}

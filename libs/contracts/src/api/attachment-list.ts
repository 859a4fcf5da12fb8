import { isJsonObject } from '@countersign/core';
import { ValidateBy } from 'class-validator';

const KNOWN = ['url', 'name', 'mime'];

/** A list of addresses, each plain or as `{url, name?, mime?}`. */
export function IsAttachmentList(): PropertyDecorator {
  return ValidateBy({
    name: 'isAttachmentList',
    validator: {
      validate: (value) => Array.isArray(value) && value.every(isAttachment),
      defaultMessage: () => 'attachments must be a list of addresses or of {url, name?, mime?}',
    },
  });
}

function isAttachment(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (!isJsonObject(value) || typeof value.url !== 'string' || value.url.trim() === '') return false;
  return Object.keys(value).every((key) => KNOWN.includes(key) && (typeof value[key] === 'string' || value[key] === null));
}

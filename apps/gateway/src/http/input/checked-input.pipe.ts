import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { checkedInput } from './checked-input';
import { refuseUncleanJson } from './clean-json';

const PLAIN: readonly unknown[] = [undefined, String, Number, Boolean, Array, Object];

/** Bodies and queries as their classes say; other parts of a request only as clean text. */
@Injectable()
export class CheckedInputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (PLAIN.includes(metatype)) {
      refuseUncleanJson(value);
      return value;
    }
    // A body that may be left out is an empty one; whether that is enough says its class.
    return checkedInput(metatype as new () => object, value === undefined ? {} : value);
  }
}

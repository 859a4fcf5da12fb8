import type { ReactNode } from 'react';
import type { Json } from '@countersign/core';
import { VisibleText } from '../text/visible-text';

export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="fact">
      <h4>{title}</h4>
      {children}
    </section>
  );
}

export function Raw({ title, value, isOpen = false }: { title: string; value: Json; isOpen?: boolean }) {
  return (
    <details className="fact" open={isOpen}>
      <summary>{title}</summary>
      <pre tabIndex={0}><VisibleText text={JSON.stringify(value, null, 2)} /></pre>
    </details>
  );
}

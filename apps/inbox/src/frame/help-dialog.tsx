import { Dialog } from './dialog';

const KEYS: readonly [string, string][] = [
  ['j / k', 'next / previous question'], ['a', 'approve'], ['e', 'change a field, or send your changes'], ['r', 'reject'], ['t', 'run again'], ['w', 'answer in words'],
  ['y', 'take what is usually changed'], ['m', 'mute it'],
  ['Enter', 'confirm'], ['Esc', 'back'], ['n', 'start a run'], ['?', 'this help'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="key-list">
        {KEYS.map(([key, what]) => <div key={key}><dt>{key.split(' / ').map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{what}</dd></div>)}
      </dl>
      <p className="confirm-line"><button type="button" className="button" onClick={onClose}>Close</button></p>
    </Dialog>
  );
}

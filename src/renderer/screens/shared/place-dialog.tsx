import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useWords } from '../../words/language.tsx';
import { dialogWords } from './dialog-words.ts';

/** Asks for one place in the folder. What cannot be done with it is said at the field, and the dialog stays. */
export function PlaceDialog(props: {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly place: string;
  readonly fault: string | null;
  readonly busy: boolean;
  readonly isPossible: boolean;
  readonly onPlace: (place: string) => void;
  readonly onDo: () => void;
  readonly onClose: () => void;
}) {
  const w = useWords(dialogWords);
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.title}
      lead={props.lead}
      actions={
        <>
          <Button onClick={props.onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={props.busy} disabled={!props.isPossible} onClick={props.onDo}>
            {props.action}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (props.isPossible && !props.busy) props.onDo();
        }}
      >
        <TextField
          label={w.place}
          hint={w.placeHint}
          value={props.place}
          fault={props.fault}
          autoFocus
          onChange={props.onPlace}
        />
      </form>
    </Dialog>
  );
}

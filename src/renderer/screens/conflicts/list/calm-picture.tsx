import classes from './list.module.css';

/** Two branches that part and meet again, with the shapes that the lineage has: nothing is in the way. */
export function CalmPicture() {
  return (
    <svg aria-hidden="true" viewBox="0 0 320 120" className={classes['picture']}>
      <path data-line="both" d="M8 60H70" />
      <path data-line="theirs" d="M70 60C100 60 100 24 130 24H190C220 24 220 60 250 60" />
      <path data-line="mine" d="M70 60C100 60 100 96 130 96H190C220 96 220 60 250 60" />
      <path data-line="ok" d="M262 60H312" />
      <circle data-side="both" cx="70" cy="60" r="9" />
      <rect data-side="theirs" x="151" y="15" width="18" height="18" />
      <path data-side="mine" d="M160 84l12 12l-12 12l-12-12z" />
      <circle data-side="ok" cx="252" cy="60" r="15" />
      <path data-line="ok" d="M245 60.5l5 5l9-10" />
    </svg>
  );
}

/** Two lines that part and meet again: nothing is in the way. */
export function CalmPicture() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
    >
      <path d="M3 12h4c3 0 3-5 6-5s3 5 6 5h2" />
      <path d="M7 12c3 0 3 5 6 5s3-5 6-5" />
      <circle cx="13" cy="7" r="1.4" fill="currentColor" stroke="none" />
      <rect x="11.7" y="15.7" width="2.6" height="2.6" rx="0.4" fill="currentColor" stroke="none" />
    </svg>
  );
}

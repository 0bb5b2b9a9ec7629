/** Which screen is shown: by what the app is doing, then by the route. */
import { useEffect } from 'react';
import { useLive } from './bridge/live-state.ts';
import { useRoute } from './bridge/router.ts';
import { ToastProvider } from './design/toasts.tsx';
import { Frame } from './frame/frame.tsx';
import { SignInProvider } from './live/sign-in-dialog.tsx';
import { FirstRun } from './screens/first-run/first-run.tsx';
import { Popover } from './screens/popover/popover.tsx';
import { screenOf } from './screens/screens.tsx';
import { LanguageProvider } from './words/language.tsx';

export function App() {
  const shell = useLive((live) => live.shell);
  const route = useRoute();
  const theme = shell?.dark === true ? 'dark' : 'light';
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.lang = shell?.language ?? 'en';
  }, [theme, shell?.language]);
  if (shell === null) return null;
  return (
    <LanguageProvider language={shell.language}>
      <ToastProvider>
        <SignInProvider>
          {route.parts[0] === 'popover' ? (
            <Popover />
          ) : shell.phase === 'first-run' ? (
            <FirstRun />
          ) : (
            <Frame>{screenOf(route)}</Frame>
          )}
        </SignInProvider>
      </ToastProvider>
    </LanguageProvider>
  );
}

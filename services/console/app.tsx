/** The console: the login, or the frame for who is logged in. Nothing is shown until that is known. */
import { useEffect, useState } from "preact/hooks";
import { findSession, session } from "./data/session.ts";
import { useStore } from "./data/store.ts";
import { Frame } from "./frame/frame.tsx";
import { Login } from "./frame/login.tsx";

export function App() {
  const now = useStore(session);
  const [isUnreachable, setUnreachable] = useState(false);
  useEffect(() => {
    findSession().catch(() => setUnreachable(true));
  }, []);
  switch (now.kind) {
    case "in":
      return <Frame view={now.view} />;
    case "out":
      return <Login />;
    case "unknown":
      return isUnreachable ? (
        <p role="alert" class="failed">
          The gateway does not answer. Load the page again when it does.
        </p>
      ) : null;
  }
}

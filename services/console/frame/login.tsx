/** Logging in with a key of the gateway. */
import { useState } from "preact/hooks";
import { ApiError } from "../data/api.ts";
import { logIn } from "../data/session.ts";

export function Login() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const submit = async (): Promise<void> => {
    setAsking(true);
    setProblem(null);
    try {
      await logIn(key);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : "Logging in failed.");
      setAsking(false);
    }
  };
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>Breakwater</h1>
        <KeyField value={key} onChange={setKey} />
        <p class="login-problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={isAsking || key.trim() === ""}>
          Log in
        </button>
      </form>
    </main>
  );
}

function KeyField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <>
      <label htmlFor="key">Key</label>
      <input
        id="key"
        type="password"
        autocomplete="current-password"
        spellcheck={false}
        required
        value={value}
        aria-describedby="key-help"
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p id="key-help" class="quiet">
        A key with the scope admin or review. The first start showed one; <code>npx breakwater keys create</code> makes
        others.
      </p>
    </>
  );
}

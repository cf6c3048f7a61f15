import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostPrograms } from "./install-host.ts";
import { poll } from "./poll.ts";

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Light Modern",
  // Otherwise a notebook that is opened by the address opens as JSON text.
  "workbench.editorAssociations": { "*.ipynb": "jupyter-notebook" },
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "git.enabled": false,
};

export interface ServerOptions {
  /** The package to install. */
  vsix: string;
  /** File for what the server prints. */
  log: string;
  /** Reaches the extension host and so the kernels. */
  env?: Record<string, string>;
  /** User settings besides the quiet ones. */
  settings?: Record<string, unknown>;
  /** Lets the window run tests in the extension host; it then shows no notifications. */
  testDriver?: boolean;
}

/** A running VS Code server with nothing but the given package installed. */
export interface CodeServer {
  /** Loopback host and port, which is also the authority of `vscode-remote` addresses. */
  authority: string;
  /** An empty folder to work in; removed with everything else by `stop`. */
  workspace: string;
  stop(): void;
}

/** Starts a server in a fresh temporary folder, with the package installed. Ends with this process at the latest. */
export async function startCodeServer(options: ServerOptions): Promise<CodeServer> {
  const home = mkdtempSync(join(tmpdir(), "medke-e2e-"));
  const workspace = join(home, "workspace");
  const userData = join(home, "data");
  mkdirSync(workspace);
  mkdirSync(join(userData, "User"), { recursive: true });
  writeFileSync(join(userData, "User/settings.json"), JSON.stringify({ ...SETTINGS, ...options.settings }));
  // Without a file of its own it would write one into the home directory.
  writeFileSync(join(home, "config.yaml"), "auth: none\n");

  const env = {
    ...process.env,
    XDG_DATA_HOME: join(home, "xdg"),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...options.env,
  };
  const common = [
    hostPrograms.server,
    "--config",
    join(home, "config.yaml"),
    "--user-data-dir",
    userData,
    "--extensions-dir",
    join(home, "extensions"),
  ];
  execFileSync(hostPrograms.node, [...common, "--install-extension", options.vsix, "--force"], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });

  const authority = `127.0.0.1:${await freePort()}`;
  const flags = [
    "--auth",
    "none",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
    "--disable-getting-started-override",
  ];
  // Only with the smoke-test driver does a built VS Code run tests in its extension host.
  if (options.testDriver) flags.push("--vscode-option", "enable-smoke-test-driver");
  const log = openSync(options.log, "w");
  const server = spawn(hostPrograms.node, [...common, "--bind-addr", authority, ...flags], {
    env,
    stdio: ["ignore", log, log],
    detached: true,
  });

  const stop = () => {
    process.off("exit", stop).off("SIGINT", stop);
    try {
      process.kill(-server.pid!, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.on("exit", stop).on("SIGINT", stop);
  await poll(
    "the server's health page",
    60,
    async () => (await fetch(`http://${authority}/healthz`).catch(() => undefined))?.ok,
    () => `See ${options.log}.`,
  ).catch((error) => {
    stop();
    throw error;
  });
  return { authority, workspace, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

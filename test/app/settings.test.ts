// What the App needs to start, and that it does not start without.
import { describe, expect, test } from "vitest";
import { readAppSettings } from "../../app/settings.ts";
import { InputError } from "../../src/errors.ts";

const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
const whole = { APP_ID: "12", PRIVATE_KEY: key, WEBHOOK_SECRET: "s3cret" };

function keysOf(environment: Record<string, string>): readonly (string | undefined)[] {
  try {
    readAppSettings(environment);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => problem.key);
  }
}

describe("the App's settings", () => {
  test("are those of github.com by default", () => {
    expect(readAppSettings(whole)).toMatchObject({
      appId: 12,
      apiUrl: "https://api.github.com",
      onLoopback: false,
      port: 3000,
    });
  });

  test("take GitHub Enterprise Server, and know a server on this machine", () => {
    const host = { ...whole, GHE_HOST: "127.0.0.1:4000", GHE_PROTOCOL: "http" };
    expect(readAppSettings(host)).toMatchObject({ apiUrl: "http://127.0.0.1:4000/api/v3", onLoopback: true });
    expect(readAppSettings({ ...whole, GHE_HOST: "ghe.example" }).onLoopback).toBe(false);
  });

  test.each([
    ["nothing", {}, ["APP_ID", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"]],
    ["no webhook secret", { ...whole, WEBHOOK_SECRET: "" }, ["WEBHOOK_SECRET"]],
    ["the secret everybody knows", { ...whole, WEBHOOK_SECRET: "development" }, ["WEBHOOK_SECRET"]],
    ["a key that is none", { ...whole, PRIVATE_KEY: "hello" }, ["PRIVATE_KEY"]],
    [
      "a key file that is not there",
      { ...whole, PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/nowhere/key.pem" },
      ["PRIVATE_KEY_PATH"],
    ],
    ["a host with a path", { ...whole, GHE_HOST: "ghe.example/x" }, ["GHE_HOST"]],
    ["another protocol", { ...whole, GHE_HOST: "ghe.example", GHE_PROTOCOL: "ftp" }, ["GHE_PROTOCOL"]],
  ])("refuse %s", (_, environment, keys) => {
    expect(keysOf(environment as Record<string, string>)).toEqual(keys);
  });
});

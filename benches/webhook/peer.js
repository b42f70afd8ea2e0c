// The peer: LINE's official Node SDK behind express, doing what its README shows (verify, then 200) and nothing else.
import { middleware } from "@line/bot-sdk";
import express from "express";

const [port, channelSecret] = process.argv.slice(2);
const app = express();
app.post("/line/webhook", middleware({ channelSecret }), (request, response) => response.sendStatus(200));
app.listen(Number(port), "127.0.0.1");

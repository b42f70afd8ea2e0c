// Stands in LINE's place for the product's worker: accepts every reply at once, and has no menus.
import { createServer } from "node:http";

const [port] = process.argv.slice(2);
const accepted = JSON.stringify({ sentMessages: [{ id: "1" }], richmenus: [], aliases: [] });
createServer((request, response) => {
  request.resume();
  request.on("end", () =>
    response.writeHead(200, { "content-type": "application/json", "x-line-request-id": "bench" }).end(accepted),
  );
}).listen(Number(port), "127.0.0.1");

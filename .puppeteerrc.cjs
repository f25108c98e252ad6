// A browser comes with @sparticuz/chromium or the system; puppeteer must not download its own.
module.exports = {skipDownload: true};

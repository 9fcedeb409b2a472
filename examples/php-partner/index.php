<?php

// The website of a partner. It knows the mobile number of its customer, and gets tokens only if that number belongs to
// the account that signed in. Run it with PHP's own server; see README.md.

declare(strict_types=1);

require __DIR__ . '/pratu.php';
require __DIR__ . '/pages.php';

// Lax: another site cannot post the forms below in the name of a customer
session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);

$route = $_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

try {
    match ($route) {
        'GET /' => isset($_SESSION['user']) ? showUser($_SESSION['user']) : showForm('/sign-in'),
        'POST /sign-in' => begin(),
        'GET /callback' => callback(),
        'POST /number' => finish(),
        'POST /sign-out' => leave(),
        default => fail(404, 'There is no such page.'),
    };
} catch (PratuFailure $failure) {
    fail(502, $failure->getMessage());
}

function begin(): void
{
    $_SESSION['mobile'] = postedMobile();
    $_SESSION['state'] = bin2hex(random_bytes(16));
    $_SESSION['verifier'] = bin2hex(random_bytes(32));
    redirect(authorizationUrl($_SESSION['state'], $_SESSION['verifier']));
}

function callback(): void
{
    $state = $_SESSION['state'] ?? '';
    unset($_SESSION['state']);
    if ($state === '' || !hash_equals($state, (string) ($_GET['state'] ?? ''))) {
        fail(400, 'This sign-in did not begin in this browser.');
    } elseif (isset($_GET['error'])) {
        fail(400, $_GET['error'] . ': ' . ($_GET['error_description'] ?? ''));
    } else {
        $_SESSION['code'] = (string) ($_GET['code'] ?? '');
        exchangeAndShow();
    }
}

/** The customer corrects the number: the code stays usable for a minute and five wrong numbers. */
function finish(): void
{
    $_SESSION['mobile'] = postedMobile();
    exchangeAndShow();
}

function exchangeAndShow(): void
{
    if (!isset($_SESSION['code'])) {
        redirect('/');
        return;
    }
    $answer = exchange($_SESSION['code'], $_SESSION['verifier'], $_SESSION['mobile']);
    if ($answer['res_code'] === WRONG_NUMBER) {
        http_response_code(400);
        showForm('/number', 'This is not the mobile number of the account.');
        return;
    }
    unset($_SESSION['code'], $_SESSION['verifier']);
    if ($answer['res_code'] !== SUCCESS) {
        fail(400, "{$answer['res_code']}: {$answer['res_message']} (request {$answer['request_id']})");
        return;
    }
    // a session that another person prepared must not become the customer's
    session_regenerate_id(true);
    $_SESSION['user'] = userinfo($answer['access_token']);
    redirect('/');
}

function leave(): void
{
    session_destroy();
    redirect(logoutUrl());
}

function postedMobile(): string
{
    return trim((string) ($_POST['mobile'] ?? ''));
}

function redirect(string $url): void
{
    header("Location: $url", true, 303);
}

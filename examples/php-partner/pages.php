<?php

declare(strict_types=1);

function escaped(?string $text): string
{
    return htmlspecialchars($text ?? '', ENT_QUOTES);
}

function show(string $title, string $content): void
{
    header('Content-Type: text/html; charset=utf-8');
    echo "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>$title</title>\n<h1>$title</h1>\n$content\n</html>\n";
}

/** Asks for the number. A real partner has it in the record of the customer. */
function showForm(string $action, string $problem = ''): void
{
    $mobile = escaped($_SESSION['mobile'] ?? '');
    show('A partner of Pratu', ($problem === '' ? '' : '<p role="alert">' . escaped($problem) . '</p>') . <<<HTML
        <form method="post" action="$action">
          <label>Mobile number <input id="mobile" name="mobile" type="tel" value="$mobile" required></label>
          <button>Sign in</button>
        </form>
        HTML);
}

function showUser(array $user): void
{
    // an account has a mobile number, but maybe no e-mail address
    $name = escaped($user['name'] ?? $user['phone_number'] ?? $user['sub']);
    $email = escaped($user['email'] ?? 'No e-mail address');
    $mobile = escaped($user['phone_number'] ?? '');
    show("Hello $name", <<<HTML
        <p>$email, $mobile</p>
        <form method="post" action="/sign-out"><button>Sign out</button></form>
        HTML);
}

function fail(int $status, string $reason): void
{
    http_response_code($status);
    show('The sign-in failed', '<p>' . escaped($reason) . '</p><a href="/">Back</a>');
}
